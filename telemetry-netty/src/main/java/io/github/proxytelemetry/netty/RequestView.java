package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.RequestInfo;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request as the model sees it. One serves a channel, so that looking costs no object. */
final class RequestView implements RequestInfo {
  private static final String SCHEME_END = "://";

  private @Nullable HttpRequest request;
  private boolean secure;

  /** Shows a request until {@link #clear()}. */
  RequestView show(HttpRequest shown, boolean overTls) {
    request = shown;
    secure = overTls;
    return this;
  }

  void clear() {
    request = null;
  }

  @Override
  public String method() {
    return shown().method().name();
  }

  /** The origin-form as it is; of the absolute-form only what follows the authority. */
  @Override
  public @Nullable String path() {
    String target = shown().uri();
    if (shown().method().equals(HttpMethod.CONNECT)) {
      return null;
    }
    if (target.startsWith("/")) {
      return target;
    }
    int authority = target.indexOf(SCHEME_END);
    if (authority < 0) {
      return null;
    }
    for (int i = authority + SCHEME_END.length(); i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/') {
        return target.substring(i);
      }
      if (c == '?' || c == '#') {
        return "/" + target.substring(i);
      }
    }
    return "/";
  }

  @Override
  public String scheme() {
    String target = shown().uri();
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      return "http";
    }
    return secure || target.regionMatches(true, 0, "https://", 0, 8) ? "https" : "http";
  }

  @Override
  public @Nullable String protocolVersion() {
    HttpVersion version = shown().protocolVersion();
    if (version.equals(HttpVersion.HTTP_1_1)) {
      return "1.1";
    }
    return version.equals(HttpVersion.HTTP_1_0) ? "1.0" : null;
  }

  @Override
  public @Nullable String header(String name) {
    return shown().headers().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return shown().headers().getAll(name);
  }

  private HttpRequest shown() {
    return Objects.requireNonNull(
        request, "A request is read only during the call it is passed to");
  }
}
