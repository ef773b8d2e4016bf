package io.github.proxytelemetry.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server whose {@code initChannel} does not know of telemetry, in a fresh class loader. */
@SuppressWarnings("FutureReturnValueIgnored")
public final class FrameworkHost {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final List<Throwable> MISTAKES =
      List.of(
          new IllegalStateException("a host's mistake"),
          new IOException("a host's mistake"),
          new AssertionError("a host's mistake"),
          new NoClassDefFoundError("a host's mistake"),
          new StackOverflowError("a host's mistake"));

  /**
   * Serves a request on each of several connections, of which the second and the last are observed.
   */
  public static String serve() throws Exception {
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    NettyTelemetry netty = NettyTelemetry.create(recorder);
    EventLoopGroup loops = Loops.create(1);
    try {
      Channel server =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .childHandler(new Initializer())
              .bind("127.0.0.1", 0)
              .syncUninterruptibly()
              .channel();
      int port = ((InetSocketAddress) server.localAddress()).getPort();
      request(port);
      netty.observeServers(accepted -> accepted.localAddress() != null);
      request(port);
      for (Throwable mistake : MISTAKES) {
        netty.observeServers(
            accepted -> {
              throw FrameworkHost.<RuntimeException>unchecked(mistake);
            });
        request(port);
        request(port);
      }
      netty.observeServers(accepted -> true);
      request(port);
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
    return recorder.connections().size()
        + " connections, "
        + recorder.exchanges().stream().filter(e -> e.status() == 200).count()
        + " exchanges";
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Throws what is not declared.
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private static void request(int port) throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout((int) TIMEOUT.toMillis());
      client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      if (client.getInputStream().readAllBytes().length == 0) {
        throw new AssertionError("no response");
      }
    }
  }

  private FrameworkHost() {}

  private static final class Initializer extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(),
              new HttpObjectAggregator(1024),
              new SimpleChannelInboundHandler<FullHttpRequest>() {
                @Override
                protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                  ctx.writeAndFlush(
                          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK))
                      .addListener(written -> ctx.close());
                }
              });
    }
  }
}
