package io.github.proxytelemetry.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.testing.RecordedConnection;
import io.github.proxytelemetry.testing.Terminal;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy that ends the TLS of a CONNECT itself, and reads the requests in it. */
@SuppressWarnings("FutureReturnValueIgnored") // The client sees the result of each write.
class InterceptionTest extends SocketFixture {
  private static final String CONNECT = "CONNECT origin.test:443 HTTP/1.1\r\n\r\n";
  private static final String GET = "GET /a HTTP/1.1\r\nHost: origin.test\r\n\r\n";

  enum Host {
    /** The codec is removed, and another one is added behind a TLS handler. */
    ADDS_A_CODEC,
    /** The TLS handler is added in the first place, before the codec that stays. */
    KEEPS_ITS_CODEC
  }

  @ParameterizedTest
  @EnumSource
  void reportsEachRequest_asAnExchangeOfTheConnection(Host host) throws Exception {
    TestCertificate own = TestCertificate.create();
    SslContext tls =
        SslContextBuilder.forServer(own.keys().getPrivate(), own.certificate()).build();
    Channel server = listen(channel -> serve(channel, host, tls));
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
      plain.setSoTimeout((int) TIMEOUT.toMillis());
      assertThat(exchange(plain, CONNECT)).startsWith("HTTP/1.1 200");
      try (Socket inner =
          trusting(own).getSocketFactory().createSocket(plain, "origin.test", 443, true)) {
        assertThat(exchange(inner, GET)).startsWith("HTTP/1.1 204");
        assertThat(exchange(inner, GET)).startsWith("HTTP/1.1 204");
      }
    }
    recorder.awaitIdle(TIMEOUT);
    server.close().syncUninterruptibly();
    assertThat(recorder.connections()).hasSize(1);
    RecordedConnection connection = recorder.connections().get(0);
    assertThat(connection.exchanges()).hasSize(3);
    assertThat(connection.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(connection.phases()).doesNotContain(ConnectionPhase.TLS_HANDSHAKE);
    assertThat(exchange(0).terminal()).isEqualTo(Terminal.TUNNELLED);
    for (int i = 1; i <= 2; i++) {
      assertThat(exchange(i).status()).isEqualTo(204);
      assertThat(exchange(i).path()).isEqualTo("/a");
      assertThat(exchange(i).terminal()).isEqualTo(Terminal.ENDED);
      assertThat(exchange(i).blame()).isNull();
    }
    recorder.assertNoLateCalls();
  }

  private void serve(Channel channel, Host host, SslContext tls) {
    channel.pipeline().addLast("codec", new HttpServerCodec());
    channel.pipeline().addLast("proxy", new Intercepting(host, tls));
    netty.installServer(channel.pipeline());
  }

  private static String exchange(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    socket.getOutputStream().flush();
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("closed after " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static SSLContext trusting(TestCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("own", certificate.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static final class Intercepting extends SimpleChannelInboundHandler<HttpObject> {
    private final Host host;
    private final SslContext tls;

    Intercepting(Host host, SslContext tls) {
      this.host = host;
      this.tls = tls;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
      if (!(part instanceof HttpRequest request)) {
        return;
      }
      if (!request.method().equals(HttpMethod.CONNECT)) {
        ctx.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT));
        return;
      }
      ctx.write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
      ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> intercept(ctx.pipeline()));
    }

    private void intercept(ChannelPipeline pipeline) {
      if (host == Host.KEEPS_ITS_CODEC) {
        pipeline.addFirst(tls.newHandler(pipeline.channel().alloc()));
        return;
      }
      pipeline.remove("codec");
      pipeline.addBefore("proxy", "tls", tls.newHandler(pipeline.channel().alloc()));
      pipeline.addBefore("proxy", "codec", new HttpServerCodec());
    }
  }
}
