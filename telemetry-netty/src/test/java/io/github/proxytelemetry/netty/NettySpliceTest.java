package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedTunnel;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** A host that relays a tunnel's bytes outside the pipeline, and counts them itself. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettySpliceTest extends SocketFixture {
  private static final int SENT = 50_000;

  @Test
  void countsBytesOfTheHost_andNoneTwice() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start()) {
      origin.onAccept(ScriptedOrigin.Connection::echo);
      Channel server = listen(client -> serve(client, origin.address()));
      try (RawClient client = RawClient.connect((InetSocketAddress) server.localAddress())) {
        client.send("CONNECT origin.test:443 HTTP/1.1\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(200);
        client.send(new byte[SENT]);
        assertThat(client.readBytes(SENT)).hasSize(SENT);
      }
      recorder.awaitUntil("the client has left", () -> recorder.activeConnections() == 0, TIMEOUT);
    }
    RecordedTunnel tunnel = recorder.tunnels().get(0);
    assertThat(recorder.tunnels()).hasSize(1);
    assertThat(tunnel.kind()).isEqualTo(TunnelKind.CONNECT);
    assertThat(tunnel.bytesToUpstream()).isEqualTo(SENT);
    assertThat(tunnel.bytesToDownstream()).isEqualTo(SENT);
    assertThat(tunnel.closedBy()).isEqualTo(Side.DOWNSTREAM);
    assertThat(tunnel.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(tunnel.endedByConnection()).isFalse();
  }

  @Test
  void countsNothing_whereThereIsNoTunnel() {
    EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
    NettyTelemetry.tunnel(client).bytesToUpstream(1);
    NettyTelemetry.create(ProxyTelemetry.noop()).installServer(client.pipeline());
    NettyTelemetry.tunnel(client).bytesToUpstream(1);
    netty.installServer(client.pipeline());
    TunnelObservation none = NettyTelemetry.tunnel(client);
    none.bytesToDownstream(1);
    none.end();
    client.finishAndReleaseAll();
    assertThat(recorder.tunnels()).isEmpty();
  }

  private void serve(Channel client, InetSocketAddress origin) {
    client.pipeline().addLast(new HttpServerCodec(), new Connect(origin));
    netty.installServer(client.pipeline());
  }

  private final class Connect extends ChannelInboundHandlerAdapter {
    private final InetSocketAddress origin;

    Connect(InetSocketAddress origin) {
      this.origin = origin;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      if (msg instanceof HttpRequest) {
        ctx.channel().config().setAutoRead(false);
        var attempt =
            NettyTelemetry.exchange(ctx.channel()).startAttempt(Upstream.of("origin.test", 443));
        dial(origin, upstream -> netty.installUpstream(upstream.pipeline(), attempt))
            .addListener((ChannelFutureListener) done -> open(ctx.channel(), done.channel()));
      }
      ReferenceCountUtil.release(msg);
    }

    private void open(Channel client, Channel upstream) {
      client.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
      TunnelObservation tunnel = NettyTelemetry.tunnel(client);
      client
          .pipeline()
          .addFirst("splice", new Splice(upstream.pipeline(), tunnel::bytesToUpstream));
      upstream
          .pipeline()
          .addFirst("splice", new Splice(client.pipeline(), tunnel::bytesToDownstream));
      client.config().setAutoRead(true);
    }
  }

  /** Handler between the socket and the adapter's first handler, on either side. */
  private static final class Splice extends ChannelInboundHandlerAdapter {
    private final ChannelPipeline peer;
    private final LongConsumer counted;

    Splice(ChannelPipeline peer, LongConsumer counted) {
      this.peer = peer;
      this.counted = counted;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      counted.accept(((ByteBuf) msg).readableBytes());
      peer.context("splice").writeAndFlush(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ctx.fireChannelInactive();
      peer.channel().close();
    }
  }
}
