package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A host's handlers nearer to the socket than the codec: what they close, the proxy has closed. */
@SuppressWarnings("FutureReturnValueIgnored") // The client sees the connection close.
class HandlersBeforeCodecTest extends SocketFixture {
  private static final int MILLIS = 200;

  @Test
  void blamesTheProxy_whoseReadTimeOutCloses() throws Exception {
    getWithoutAnswer(new ReadTimeoutHandler(MILLIS, TimeUnit.MILLISECONDS));
    assertThat(exchange(0).blame().side()).isEqualTo(Side.PROXY);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CONNECTION_READ_TIMEOUT);
  }

  @Test
  void blamesTheProxy_whoseIdleHandlerCloses() throws Exception {
    getWithoutAnswer(
        new IdleStateHandler(0, 0, MILLIS, TimeUnit.MILLISECONDS),
        new ChannelInboundHandlerAdapter() {
          @Override
          public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.close();
          }
        });
    assertThat(exchange(0).blame().side()).isEqualTo(Side.PROXY);
    assertThat(exchange(0).blame().error()).isEqualTo(ProxyError.CONNECTION_TERMINATED);
  }

  private void getWithoutAnswer(ChannelHandler... beforeCodec) throws Exception {
    Channel server =
        listen(
            client -> {
              client.pipeline().addLast(new HttpServerCodec(), new Silent(beforeCodec));
              netty.installServer(client.pipeline());
            });
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      client.setSoTimeout((int) TIMEOUT.toMillis());
      client.getOutputStream().write(ServerFixture.GET.getBytes(StandardCharsets.US_ASCII));
      assertThat(client.getInputStream().read()).isNegative();
    }
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.exchanges()).hasSize(1);
    recorder.assertNoLateCalls();
  }

  /** Answers nothing; adds the handlers with the request, so that no time is up before it. */
  private static final class Silent extends ChannelInboundHandlerAdapter {
    private final ChannelHandler[] beforeCodec;

    Silent(ChannelHandler... beforeCodec) {
      this.beforeCodec = beforeCodec;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof HttpRequest) {
        String codec = ctx.pipeline().context(HttpServerCodec.class).name();
        for (ChannelHandler each : beforeCodec) {
          ctx.pipeline().addBefore(codec, null, each);
        }
      }
      ReferenceCountUtil.release(msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // The time-out handler closes the connection.
    }
  }
}
