package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Handlers before and behind TLS, and hosts that install in an unusual order. */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class PipelineOrderTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PROXIED = "PROXY TCP4 192.0.2.7 192.0.2.1 50000 443\r\n";
  private static EventLoopGroup loops;
  private static SslContext serverTls;
  private static SslContext clientTls;

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(recorder);

  @BeforeAll
  static void start() throws Exception {
    TestCertificate own = TestCertificate.create();
    serverTls = SslContextBuilder.forServer(own.keys().getPrivate(), own.certificate()).build();
    clientTls = SslContextBuilder.forClient().trustManager(own.certificate()).build();
    loops = Loops.create(1);
  }

  @AfterAll
  static void stop() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @AfterEach
  void leavesNothingOpen() {
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
  }

  @Test
  void believesTheProxyProtocol_whenTheHostDoes() throws Exception {
    for (boolean trusting : new boolean[] {true, false}) {
      try (ScriptedOrigin origin = ScriptedOrigin.start();
          NettyProxyHost host = host(origin, trusting, false);
          RawClient client = RawClient.connect(host.address())) {
        origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        client.send(PROXIED + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.readResponse().body()).isEqualTo("ok");
        RecordedConnection connection = recorder.connections().get(trusting ? 0 : 1);
        InetSocketAddress peer = (InetSocketAddress) connection.peer();
        assertThat(peer.getHostString()).isEqualTo(trusting ? "192.0.2.7" : "127.0.0.1");
      }
    }
  }

  @Test
  void reportsNoFailure_forAHealthCheckOfABalancer() throws Exception {
    for (boolean sni : new boolean[] {false, true}) {
      int checks = recorder.connections().size() + 1;
      try (NettyProxyHost host = host(null, true, true, sni);
          RawClient client = RawClient.connect(host.address())) {
        client.send(PROXIED);
        client.halfClose();
        client.awaitEnd();
        recorder.awaitUntil(
            "the check is over",
            () -> recorder.connections().size() == checks && recorder.activeConnections() == 0,
            TIMEOUT);
      }
    }
    assertThat(recorder.connections())
        .allSatisfy(check -> assertThat(check.phases()).isEmpty())
        .allSatisfy(check -> assertThat(check.terminal()).isEqualTo(Terminal.ENDED))
        .allSatisfy(check -> assertThat(check.bytesRead()).isEqualTo(PROXIED.length()));
  }

  @Test
  void reportsTheHandshake_behindTheProxyProtocol() throws Exception {
    try (NettyProxyHost host = host(null, true, true);
        RawClient client = RawClient.connect(host.address())) {
      client.send(PROXIED);
      client.send("GET / HTTP/1.1\r\n\r\n");
      client.awaitEnd();
    }
    RecordedConnection plain = recorder.connections().get(0);
    assertThat(plain.phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(plain.failure().error()).isEqualTo(ProxyError.TLS_PROTOCOL_ERROR);
  }

  @Test
  void movesBeforeTls_andNextToTheCodec_whateverTheOrder() throws Exception {
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    netty.installServer(client.pipeline());
                    client.pipeline().addLast(new HttpServerCodec());
                    client.pipeline().addLast(new AnswerHandler());
                    client.pipeline().addFirst(serverTls.newHandler(client.alloc()));
                    netty.installServer(client.pipeline());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    Channel client =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel upstream) {
                    netty.installUpstream(
                        upstream.pipeline(), recorder.startAttempt(Upstream.of("h", 1)));
                    upstream
                        .pipeline()
                        .addFirst(clientTls.newHandler(upstream.alloc(), "origin.test", 443));
                    upstream.pipeline().addLast(new HttpClientCodec());
                  }
                })
            .connect(server.localAddress())
            .syncUninterruptibly()
            .channel();
    client.writeAndFlush(AnswerHandler.request());
    recorder.awaitUntil(
        "it is answered",
        () -> !recorder.exchanges().isEmpty() && recorder.activeAttempts() == 0,
        TIMEOUT);
    client.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.connections()).hasSize(1);
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(recorder.attempts().get(0).status()).isEqualTo(200);
    RecordedConnection accepted = recorder.connections().get(0);
    assertThat(accepted.phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(recorder.dials().get(0).phases()).contains(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(accepted.bytesRead()).isEqualTo(recorder.dials().get(0).bytesWritten());
  }

  private NettyProxyHost host(ScriptedOrigin origin, boolean trusting, boolean tls) {
    return host(origin, trusting, tls, false);
  }

  private NettyProxyHost host(ScriptedOrigin origin, boolean trusting, boolean tls, boolean sni) {
    return NettyProxyHost.start(
        recorder,
        HostOptions.plain(
                origin == null ? null : origin.address(),
                TIMEOUT.toMillis(),
                !tls
                    ? null
                    : () ->
                        sni
                            ? new SniHandler(name -> serverTls)
                            : serverTls.newHandler(ByteBufAllocator.DEFAULT))
            .inFront(() -> proxyProtocol(trusting)));
  }

  private static ChannelHandler proxyProtocol(boolean trusting) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel client) {
        String name = client.pipeline().context(this).name();
        client.pipeline().addAfter(name, "source", new Source(trusting));
        client.pipeline().addAfter(name, null, new HAProxyMessageDecoder());
      }
    };
  }

  /** A host's handler for the PROXY protocol. */
  private static final class Source extends SimpleChannelInboundHandler<HAProxyMessage> {
    private final boolean trusting;

    Source(boolean trusting) {
      this.trusting = trusting;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage message) {
      if (trusting) {
        NettyTelemetry.clientAddress(
            ctx.channel(), new InetSocketAddress(message.sourceAddress(), message.sourcePort()));
      }
      ctx.pipeline().remove(this);
    }
  }
}
