package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.RecordedTunnel;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Upstreams of tunnels behind TLS, on HTTP/2 streams, and on another event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class TunnelUpstreamTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Upstream ORIGIN = Upstream.of("127.0.0.1", 1);

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);
  private final EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());

  @BeforeEach
  void ask() {
    netty.installServer(client.pipeline());
    client.writeInbound(
        Unpooled.copiedBuffer("CONNECT a:1 HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
  }

  @AfterEach
  void leavesNothingOpen() {
    client.finishAndReleaseAll();
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    assertThat(recorder.activeTunnels()).isZero();
    assertThat(recorder.activeConnections()).isZero();
    assertThat(recorder.activeDials()).isZero();
  }

  @Test
  void countsBehindTls_whatWasEncryptedAndTaken() throws Exception {
    TestCertificate own = TestCertificate.create();
    EmbeddedChannel server =
        new EmbeddedChannel(
            SslContextBuilder.forServer(own.keys().getPrivate(), own.certificate())
                .build()
                .newHandler(ByteBufAllocator.DEFAULT));
    SslHandler tls =
        SslContextBuilder.forClient()
            .trustManager(own.certificate())
            .build()
            .newHandler(ByteBufAllocator.DEFAULT, "origin.test", 443);
    EmbeddedChannel upstream = new EmbeddedChannel();
    upstream.pipeline().addLast(tls);
    netty.installUpstream(upstream.pipeline(), ORIGIN);
    open(upstream);
    upstream.writeAndFlush(bytes(10));
    assertThat(tunnel().bytesToUpstream()).as("before the handshake").isZero();
    while (move(upstream, server) || move(server, upstream)) {
      // Until neither side has more to send.
    }
    assertThat(tls.handshakeFuture().isSuccess()).isTrue();
    assertThat(tunnel().bytesToUpstream()).isEqualTo(10);
    assertThat(recorder.dials().get(0).bytesWritten()).isGreaterThan(10);
    upstream.write(bytes(10));
    upstream.close();
    upstream.writeAndFlush(bytes(10));
    server.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
    assertThat(tunnel().bytesToUpstream()).as("what was never flushed").isEqualTo(10);
  }

  @Test
  void countsInAStream_whatFlowControlLetGo() {
    EmbeddedChannel connection =
        new EmbeddedChannel(
            Http2FrameCodecBuilder.forClient().build(),
            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    netty.installUpstream(connection.pipeline(), ORIGIN);
    Channel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new ChannelInboundHandlerAdapter())
            .open()
            .syncUninterruptibly()
            .getNow();
    stream.writeAndFlush(
        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method("CONNECT").authority("a:1")));
    open(stream);
    for (int i = 0; i < 3; i++) {
      stream.writeAndFlush(new DefaultHttp2DataFrame(bytes(30_000)));
    }
    connection.runPendingTasks();
    assertThat(tunnel().bytesToUpstream()).isEqualTo(60_000);
    client.close();
    assertThat(recorder.activeTunnels()).isOne();
    connection.close();
    connection.finishAndReleaseAll();
    assertThat(tunnel().bytesToUpstream()).isEqualTo(60_000);
    assertThat(tunnel().terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void countsEverything_onAnotherEventLoop() throws Exception {
    EventLoopGroup loops = Loops.create(1);
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Discarding())
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    Channel upstream =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel dialled) {
                    netty.installUpstream(dialled.pipeline(), ORIGIN);
                  }
                })
            .connect(server.localAddress())
            .syncUninterruptibly()
            .channel();
    open(upstream);
    for (int i = 0; i < 100; i++) {
      upstream.writeAndFlush(bytes(1_000));
    }
    client.close();
    recorder.awaitUntil("the client is over", () -> recorder.activeConnections() == 0, TIMEOUT);
    assertThat(tunnel().bytesToUpstream()).isEqualTo(100_000);
    assertThat(tunnel().terminal()).isEqualTo(Terminal.ENDED);
    assertThat(tunnel().endedByConnection()).isFalse();
    upstream.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void ends_whereTheUpstreamsEventLoopHasStopped() throws Exception {
    EventLoopGroup loops = Loops.create(1);
    Channel upstream = new NioSocketChannel();
    loops.register(upstream).syncUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    assertThat(loops.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    open(upstream);
    client.close();
    assertThat(tunnel().bytesToUpstream()).isZero();
    assertThat(recorder.activeConnections()).isZero();
  }

  private void open(Channel upstream) {
    netty.bindTunnel(client, upstream);
    client.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    client.pipeline().remove(HttpServerCodec.class);
    client.releaseInbound();
  }

  private RecordedTunnel tunnel() {
    return recorder.tunnels().get(0);
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.wrappedBuffer(new byte[count]);
  }

  private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    from.runPendingTasks();
    for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
      moved = true;
      to.writeInbound(bytes);
    }
    return moved;
  }

  private static final class Discarding extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }
}
