package io.github.proxytelemetry.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A back end may remove headers of interim responses, and trailers, before they are written. */
@SuppressWarnings("FutureReturnValueIgnored") // The written bytes show the result of each write.
class StrippedHeadersTest {
  private static final String SECRET = "traceparent";

  private final NettyTelemetry netty = NettyTelemetry.create(new Stripping());
  private final EmbeddedChannel client = new EmbeddedChannel(new HttpServerCodec());
  private final EmbeddedChannel upstream = new EmbeddedChannel(new HttpClientCodec());

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
    upstream.finishAndReleaseAll();
  }

  @Test
  void ofAnInterimResponse() {
    request();
    FullHttpResponse hints =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS);
    hints.headers().set(SECRET, "1").set("link", "</a>");
    client.writeOutbound(hints);
    assertThat(text(client)).contains("103", "link").doesNotContain(SECRET);
  }

  @Test
  void ofAnInterimResponse_thatCannotBeChanged() {
    request();
    HttpHeaders fixed = new ReadOnlyHttpHeaders(true, SECRET, "1", "link", "</a>");
    client.writeOutbound(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.EARLY_HINTS, fixed),
        LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(text(client)).contains("103", "link").doesNotContain(SECRET);
  }

  @Test
  void ofTheTrailers_ofAResponse() {
    request();
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set("transfer-encoding", "chunked");
    client.writeOutbound(response, trailers());
    assertThat(text(client)).contains("grpc-status").doesNotContain(SECRET);
  }

  @Test
  void ofTheTrailers_ofARequest() {
    netty.installUpstream(upstream.pipeline(), new StrippingAttempt());
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    request.headers().set("transfer-encoding", "chunked");
    upstream.writeOutbound(request, trailers());
    assertThat(text(upstream)).contains("grpc-status").doesNotContain(SECRET);
  }

  @Test
  void ofAStream() {
    Http2Exchange stream = new Http2Exchange(new StrippingExchange(), null, new DisconnectCause());
    Http2Headers hints = new DefaultHttp2Headers().status("103").add(SECRET, "1");
    stream.headersWritten(open(hints), client.newPromise());
    assertThat(hints.contains(SECRET)).isFalse();
    stream.headersWritten(open(new DefaultHttp2Headers().status("200")), client.newPromise());
    Http2Headers trailers = new DefaultHttp2Headers().add(SECRET, "1").add("grpc-status", "0");
    stream.headersWritten(open(trailers), client.newPromise());
    assertThat(trailers.contains(SECRET)).isFalse();
    assertThat(trailers.contains("grpc-status")).isTrue();
  }

  private static Http2HeaderAccess open(Http2Headers headers) {
    return new Http2HeaderAccess().open(new DefaultHttp2HeadersFrame(headers, false));
  }

  private void request() {
    netty.installServer(client.pipeline());
    client.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: h\r\n\r\n", US_ASCII));
  }

  private static LastHttpContent trailers() {
    LastHttpContent last = new DefaultLastHttpContent();
    last.trailingHeaders().set(SECRET, "1").set("grpc-status", "0");
    return last;
  }

  private static String text(EmbeddedChannel channel) {
    StringBuilder text = new StringBuilder();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      text.append(b.toString(US_ASCII));
      b.release();
    }
    return text.toString();
  }

  private static final class Stripping implements ProxyTelemetry {
    @Override
    public DownstreamObservation startDownstreamConnection(
        @Nullable SocketAddress local, @Nullable SocketAddress peer) {
      return new DownstreamObservation() {
        @Override
        public ExchangeObservation startExchange(RequestInfo request) {
          return new StrippingExchange();
        }
      };
    }
  }

  private static final class StrippingExchange implements ExchangeObservation {
    @Override
    public <C> void informational(int status, C headers, HeaderAccess<C> access) {
      access.remove(headers, SECRET);
    }

    @Override
    public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
      access.remove(trailers, SECRET);
    }

    @Override
    public AttemptObservation startAttempt(Upstream upstream) {
      return new StrippingAttempt();
    }
  }

  private static final class StrippingAttempt implements AttemptObservation {
    @Override
    public <C> void requestTrailers(C trailers, HeaderAccess<C> access) {
      access.remove(trailers, SECRET);
    }
  }
}
