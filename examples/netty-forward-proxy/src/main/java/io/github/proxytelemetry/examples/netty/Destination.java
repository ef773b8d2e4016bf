package io.github.proxytelemetry.examples.netty;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a client wants to go: the authority of a {@code CONNECT}, or an absolute http URL. */
record Destination(String host, int port, String authority, String path) {

  /** Reads it from a request's target, or returns null if the target names none. */
  static @Nullable Destination of(HttpRequest request) {
    boolean connect = request.method().equals(HttpMethod.CONNECT);
    try {
      URI uri = new URI(connect ? "//" + request.uri() : request.uri());
      String host = uri.getHost();
      if (host == null || uri.getRawUserInfo() != null) {
        return null;
      }
      if (connect ? uri.getPort() < 0 : !"http".equalsIgnoreCase(uri.getScheme())) {
        return null;
      }
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      return port == 0 || port > 65535
          ? null
          : new Destination(withoutBrackets(host), port, uri.getRawAuthority(), path(uri));
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String withoutBrackets(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return bare.toLowerCase(Locale.ROOT);
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
  }
}
