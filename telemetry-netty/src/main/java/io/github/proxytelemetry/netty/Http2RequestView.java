package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.RequestInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** View of an HTTP/2 request for the back end. */
record Http2RequestView(Http2Headers headers, String connectionScheme) implements RequestInfo {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  @Override
  public String method() {
    return Objects.requireNonNullElse(headers.method(), "").toString();
  }

  /** The pseudo-header {@code :path}, which an extended CONNECT has and a plain one does not. */
  @Override
  public @Nullable String path() {
    CharSequence path = headers.path();
    return path == null || path.isEmpty() || path.charAt(0) != '/' ? null : path.toString();
  }

  @Override
  public String scheme() {
    CharSequence scheme = headers.scheme();
    if (scheme == null) {
      return connectionScheme;
    }
    if (HTTPS.contentEquals(scheme)) {
      return "https";
    }
    return HTTP.contentEquals(scheme) ? "http" : connectionScheme;
  }

  @Override
  public String protocolVersion() {
    return "2";
  }

  @Override
  public @Nullable String header(String name) {
    CharSequence value = headers.get(name.toLowerCase(Locale.ROOT));
    return value == null ? null : value.toString();
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>(1);
    for (CharSequence value : headers.getAll(name.toLowerCase(Locale.ROOT))) {
      values.add(value.toString());
    }
    return values;
  }
}
