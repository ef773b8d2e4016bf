package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Resolver of a request's upstream: the host's function, or else host and port of the URI. */
final class UpstreamResolver {
  private final @Nullable Function<URI, Upstream> named;

  UpstreamResolver(@Nullable Function<URI, Upstream> named) {
    this.named = named;
  }

  Upstream of(@Nullable URI uri) {
    if (uri == null) {
      // A request class of the host; the client will reject it.
      return Upstream.of("", 0);
    }
    Upstream upstream = named == null ? null : named(named, uri);
    return upstream == null ? Upstream.of(host(uri), HttpClientTelemetry.port(uri)) : upstream;
  }

  private static @Nullable Upstream named(Function<URI, Upstream> named, URI uri) {
    try {
      return named.apply(uri);
    } catch (Throwable thrown) {
      // Code of the host; the request is sent with an unnamed upstream.
      return null;
    }
  }

  private static String host(URI uri) {
    String host = uri.getHost();
    if (host == null) {
      return "";
    }
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
