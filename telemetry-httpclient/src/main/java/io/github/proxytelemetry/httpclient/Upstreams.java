package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a request goes, by the host's own knowledge or else by its URI. */
final class Upstreams {
  private final @Nullable Function<URI, Upstream> named;

  Upstreams(@Nullable Function<URI, Upstream> named) {
    this.named = named;
  }

  Upstream of(@Nullable URI uri) {
    if (uri == null) {
      // The host's own kind of request; the client will refuse it.
      return Upstream.of("", 0);
    }
    Upstream upstream = named == null ? null : named(named, uri);
    return upstream == null ? Upstream.of(host(uri), HttpClientTelemetry.port(uri)) : upstream;
  }

  private static @Nullable Upstream named(Function<URI, Upstream> named, URI uri) {
    try {
      return named.apply(uri);
    } catch (RuntimeException thrown) {
      // A request is worth more than a name.
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
