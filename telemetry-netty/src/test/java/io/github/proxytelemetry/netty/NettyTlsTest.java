package io.github.proxytelemetry.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyTlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static SslContext serverTls;
  private static SslContext clientTls;
  private static SslContext distrusting;
  private static EventLoopGroup loops;

  private final RecordingProxyTelemetry front = new RecordingProxyTelemetry();
  private final RecordingProxyTelemetry back = new RecordingProxyTelemetry();
  private final NettyTelemetry netty = NettyTelemetry.create(back);
  private ScriptedOrigin origin;

  @BeforeAll
  static void makeCertificate() throws Exception {
    TestCertificate own = TestCertificate.create();
    TestCertificate other = TestCertificate.create();
    serverTls = SslContextBuilder.forServer(own.keys().getPrivate(), own.certificate()).build();
    clientTls = SslContextBuilder.forClient().trustManager(own.certificate()).build();
    distrusting = SslContextBuilder.forClient().trustManager(other.certificate()).build();
    loops = Loops.create(1);
  }

  @AfterAll
  static void stopLoops() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @BeforeEach
  void startOrigin() throws IOException {
    origin = ScriptedOrigin.start();
  }

  @AfterEach
  void leavesNothingOpen() throws IOException {
    origin.close();
    front.awaitIdle(TIMEOUT);
    back.awaitIdle(TIMEOUT);
    front.assertInvariants();
    back.assertInvariants();
    front.assertNoLateCalls();
    back.assertNoLateCalls();
  }

  @Test
  void reportsTheHandshakes_ofBothSides() throws Exception {
    assertServedOverTls(host(false), clientTls);
  }

  @Test
  void reportsTheHandshake_whoseHandlerIsAddedBySni() throws Exception {
    assertServedOverTls(host(true), clientTls);
  }

  @Test
  void reportsNoFailure_forAScan() throws Exception {
    for (boolean sni : new boolean[] {false, true}) {
      int scans = front.connections().size() + 1;
      try (NettyProxyHost host = host(sni)) {
        RawClient.connect(host.address()).close();
        front.awaitUntil(
            "the scan is over",
            () -> front.connections().size() == scans && front.activeConnections() == 0,
            TIMEOUT);
      }
    }
    assertThat(front.connections())
        .hasSize(2)
        .allSatisfy(scan -> assertThat(scan.phases()).isEmpty())
        .allSatisfy(scan -> assertThat(scan.terminal()).isEqualTo(Terminal.ENDED));
  }

  @Test
  void blamesAClient_thatSpeaksPlainText() throws Exception {
    List<Long> received = new ArrayList<>();
    for (boolean sni : new boolean[] {false, true}) {
      try (NettyProxyHost host = host(sni);
          Socket client = new Socket(host.address().getAddress(), host.address().getPort())) {
        client.setSoTimeout((int) TIMEOUT.toMillis());
        client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        received.add((long) client.getInputStream().readAllBytes().length);
      }
    }
    front.awaitIdle(TIMEOUT);
    // The alert is written after the handshake has failed.
    assertThat(front.connections())
        .extracting(RecordedConnection::bytesWritten)
        .isEqualTo(received);
    assertThat(front.connections())
        .hasSize(2)
        .allSatisfy(
            plain -> {
              assertThat(plain.phases()).containsExactly(ConnectionPhase.TLS_HANDSHAKE);
              assertThat(plain.established()).isFalse();
              assertThat(plain.failure().side()).isEqualTo(Side.DOWNSTREAM);
              assertThat(plain.failure().error()).isEqualTo(ProxyError.TLS_PROTOCOL_ERROR);
            });
  }

  @Test
  void blamesAnUpstream_whoseCertificateIsNotTrusted() throws Exception {
    try (NettyProxyHost host = host(false)) {
      Channel channel = dial(host.address(), distrusting);
      channel.closeFuture().await(TIMEOUT.toMillis());
    }
    assertThat(back.attempts().get(0).failure().side()).isEqualTo(Side.UPSTREAM);
    assertThat(back.attempts().get(0).failure().error())
        .isEqualTo(ProxyError.TLS_CERTIFICATE_ERROR);
    assertThat(back.dials().get(0).failure().error()).isEqualTo(ProxyError.TLS_CERTIFICATE_ERROR);
    front.awaitUntil("the client is gone", () -> front.activeConnections() == 0, TIMEOUT);
    back.awaitIdle(TIMEOUT);
    RecordedConnection accepted = front.connections().get(0);
    assertThat(accepted.failure().side()).isEqualTo(Side.DOWNSTREAM);
    // The alert is written after the handshake has failed.
    assertThat(back.dials().get(0).bytesWritten()).isEqualTo(accepted.bytesRead());
  }

  private void assertServedOverTls(NettyProxyHost host, SslContext tls) throws Exception {
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    try (host) {
      Channel channel = dial(host.address(), tls);
      // Written before the handshake is done.
      channel.writeAndFlush(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/a"));
      back.awaitUntil("it is served", () -> back.activeAttempts() == 0, TIMEOUT);
      channel.close().syncUninterruptibly();
      front.awaitUntil("the client is gone", () -> front.activeConnections() == 0, TIMEOUT);
    }
    RecordedConnection accepted = front.connections().get(0);
    assertThat(accepted.events())
        .containsSubsequence("started", "enter TLS_HANDSHAKE", "established", "end");
    assertThat(front.exchanges().get(0).status()).isEqualTo(200);
    RecordedConnection dialled = back.dials().get(0);
    assertThat(dialled.phases())
        .containsExactly(
            ConnectionPhase.DNS_LOOKUP,
            ConnectionPhase.SOCKET_CONNECT,
            ConnectionPhase.TLS_HANDSHAKE);
    assertThat(dialled.established()).isTrue();
    assertThat(back.events())
        .containsSubsequence(
            "dial-1 established",
            "attempt-1 connectionAcquired new",
            "attempt-1 requestStarted",
            "attempt-1 responseStarted 200",
            "attempt-1 responseEnd");
    assertThat(accepted.bytesRead()).isEqualTo(dialled.bytesWritten());
    assertThat(accepted.bytesWritten()).isGreaterThanOrEqualTo(dialled.bytesRead());
  }

  private NettyProxyHost host(boolean sni) {
    return NettyProxyHost.start(
        front,
        origin.address(),
        TIMEOUT.toMillis(),
        () ->
            sni
                ? new SniHandler(name -> serverTls)
                : serverTls.newHandler(ByteBufAllocator.DEFAULT));
  }

  private Channel dial(InetSocketAddress address, SslContext tls) {
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel ch) {
                ch.pipeline().addLast(tls.newHandler(ch.alloc(), "origin.test", 443));
                ch.pipeline().addLast(new HttpClientCodec());
                netty.installUpstream(
                    ch.pipeline(), back.startAttempt(Upstream.of("origin.test", 443)));
              }
            })
        .connect(address)
        .syncUninterruptibly()
        .channel();
  }
}
