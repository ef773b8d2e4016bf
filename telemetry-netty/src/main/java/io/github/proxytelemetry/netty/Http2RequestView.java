package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.RequestInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request of HTTP/2 as the model sees it. One serves a connection. */
final class Http2RequestView implements RequestInfo {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private @Nullable Http2Headers headers;
  private String scheme = "";

  /** Shows a request until {@link #clear()}. */
  Http2RequestView show(Http2Headers shown, String connectionScheme) {
    headers = shown;
    scheme = connectionScheme;
    return this;
  }

  void clear() {
    headers = null;
  }

  @Override
  public String method() {
    return Objects.requireNonNullElse(shown().method(), "").toString();
  }

  /** That of the pseudo-header, which an extended CONNECT has and a plain one has not. */
  @Override
  public @Nullable String path() {
    CharSequence path = shown().path();
    return path == null || path.isEmpty() || path.charAt(0) != '/' ? null : path.toString();
  }

  @Override
  public String scheme() {
    CharSequence told = shown().scheme();
    if (told == null) {
      return scheme;
    }
    if (HTTPS.contentEquals(told)) {
      return "https";
    }
    return HTTP.contentEquals(told) ? "http" : scheme;
  }

  @Override
  public String protocolVersion() {
    return "2";
  }

  @Override
  public @Nullable String header(String name) {
    CharSequence value = shown().get(name.toLowerCase(Locale.ROOT));
    return value == null ? null : value.toString();
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>(1);
    for (CharSequence value : shown().getAll(name.toLowerCase(Locale.ROOT))) {
      values.add(value.toString());
    }
    return values;
  }

  private Http2Headers shown() {
    return Objects.requireNonNull(
        headers, "A request is read only during the call it is passed to");
  }
}
