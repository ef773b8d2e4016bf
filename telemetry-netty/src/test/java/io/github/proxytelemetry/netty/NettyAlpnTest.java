package io.github.proxytelemetry.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * An upstream that selects the protocol by ALPN, so that the codec is added after the handshake.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The recorder shows the result of each write.
class NettyAlpnTest extends SocketFixture {
  private static TestCertificate own;

  private final RecordingProxyTelemetry server = new RecordingProxyTelemetry();
  private volatile String chosen = "";

  @BeforeAll
  static void makeCertificate() throws Exception {
    own = TestCertificate.create();
  }

  @Test
  void reportsARequest_overHttp2() throws Exception {
    send(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
  }

  @Test
  void reportsARequest_overHttp11() throws Exception {
    send(ApplicationProtocolNames.HTTP_1_1);
  }

  private void send(String... supported) throws Exception {
    SslContext serverTls =
        SslContextBuilder.forServer(own.keys().getPrivate(), own.certificate())
            .applicationProtocolConfig(alpn(supported))
            .build();
    SslContext clientTls =
        SslContextBuilder.forClient()
            .trustManager(own.certificate())
            .applicationProtocolConfig(
                alpn(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
            .build();
    try (ScriptedOrigin origin = ScriptedOrigin.start();
        NettyProxyHost host =
            NettyProxyHost.start(
                server,
                origin.address(),
                TIMEOUT.toMillis(),
                () -> serverTls.newHandler(ByteBufAllocator.DEFAULT))) {
      origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
      AttemptObservation attempt = recorder.startAttempt(Upstream.of("origin.test", 443));
      Channel upstream =
          dial(
                  host.address(),
                  dialled -> {
                    dialled
                        .pipeline()
                        .addLast(clientTls.newHandler(dialled.alloc(), "origin.test", 443));
                    dialled.pipeline().addLast(new Chosen(attempt));
                    netty.installUpstream(dialled.pipeline(), attempt);
                  })
              .syncUninterruptibly()
              .channel();
      recorder.awaitUntil("it is answered", () -> recorder.activeAttempts() == 0, TIMEOUT);
      upstream.close().syncUninterruptibly();
      server.awaitUntil("the client has left", () -> server.activeConnections() == 0, TIMEOUT);
    }
    server.awaitIdle(TIMEOUT);
    server.assertInvariants();
    RecordedAttempt attempt = recorder.attempts().get(0);
    RecordedConnection dialled = recorder.dials().get(0);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.dials()).hasSize(1);
    assertThat(attempt.events())
        .containsSubsequence("connectionAcquired new", "requestStarted", "responseStarted 200");
    assertThat(attempt.events())
        .filteredOn(event -> event.startsWith("connectionAcquired"))
        .hasSize(1);
    assertThat(attempt.injections()).isOne();
    assertThat(chosen).isEqualTo(supported[0]);
    assertThat(attempt.requestBytes()).isEqualTo(3);
    assertThat(attempt.responseBytes()).isEqualTo(2);
    assertThat(attempt.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(dialled.phases())
        .containsExactly(
            ConnectionPhase.DNS_LOOKUP,
            ConnectionPhase.SOCKET_CONNECT,
            ConnectionPhase.TLS_HANDSHAKE);
    assertThat(dialled.bytesWritten()).isEqualTo(server.connections().get(0).bytesRead());
  }

  private static ApplicationProtocolConfig alpn(String... protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  private static DefaultFullHttpRequest post() {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/a",
            Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    request.headers().set("host", "origin.test");
    HttpUtil.setContentLength(request, 3);
    return request;
  }

  /** Adds the codec of the selected protocol, and sends a request at once. */
  private final class Chosen extends ApplicationProtocolNegotiationHandler {
    private final AttemptObservation attempt;

    Chosen(AttemptObservation attempt) {
      super(ApplicationProtocolNames.HTTP_1_1);
      this.attempt = attempt;
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      Channel connection = ctx.channel();
      chosen = protocol;
      if (protocol.equals(ApplicationProtocolNames.HTTP_1_1)) {
        connection.pipeline().addLast(new HttpClientCodec(), new Swallow());
        connection.eventLoop().execute(() -> connection.writeAndFlush(post()));
        return;
      }
      connection
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forClient().build(), new Http2MultiplexHandler(new Swallow()));
      connection.eventLoop().execute(() -> openStream(connection));
    }

    private void openStream(Channel connection) {
      new Http2StreamChannelBootstrap(connection)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel stream) {
                  stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false));
                  stream.pipeline().addLast(new Swallow());
                  netty.installUpstream(stream.pipeline(), attempt);
                }
              })
          .open()
          .addListener(opened -> ((Http2StreamChannel) opened.getNow()).writeAndFlush(post()));
    }
  }

  private static final class Swallow extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ReferenceCountUtil.release(msg);
    }
  }
}
