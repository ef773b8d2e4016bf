package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;

/** The {@code url.path} and {@code url.full} of a request target: without its query, and cut. */
final class UrlPath {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private UrlPath() {}

  /**
   * The {@code url.full} of a request to an upstream.
   *
   * @return the URL, or {@code null} where scheme or path are unknown, or the upstream has no
   *     configured name, as it then is a user's destination
   */
  static @Nullable String full(@Nullable Upstream upstream, RequestInfo request) {
    String scheme = request.scheme();
    String path = request.path();
    boolean tls = "https".equals(scheme);
    if (upstream == null || upstream.name() == null || path == null || !isHttp(scheme)) {
      return null;
    }
    String host = upstream.host();
    boolean bare = host.indexOf(':') >= 0;
    boolean usual = upstream.port() == (tls ? HTTPS_PORT : HTTP_PORT);
    String authority = bare ? '[' + host + ']' : host;
    return usual
        ? scheme + "://" + authority + of(path)
        : scheme + "://" + authority + ':' + upstream.port() + of(path);
  }

  private static boolean isHttp(@Nullable String scheme) {
    return "http".equals(scheme) || "https".equals(scheme);
  }

  static String of(String target) {
    int end = Math.min(target.length(), Text.MAX_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return target.substring(0, i);
      }
    }
    return Text.cut(target);
  }
}
