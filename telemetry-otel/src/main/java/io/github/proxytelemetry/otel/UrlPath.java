package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@code url.path} of a request target: without its query, and no longer than is useful.
 */
final class UrlPath {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private UrlPath() {}

  /**
   * Makes a {@code url.full} of what is asked of an upstream, without the query.
   *
   * @return the URL, or {@code null} where the upstream has no configured name, as it then is where
   *     a user goes, or where scheme or path are not known
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
    return scheme
        + "://"
        + (bare ? '[' + host + ']' : host)
        + (usual ? "" : ":" + upstream.port())
        + of(path);
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
