package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.util.function.Function;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Start of attempts and upstream connections, with their upstream: that of the host's function, or
 * else host and port of the request.
 */
final class UpstreamTelemetry {
  private final ProxyTelemetry telemetry;
  private final @Nullable Function<URI, Upstream> named;

  UpstreamTelemetry(ProxyTelemetry telemetry, @Nullable Function<URI, Upstream> named) {
    this.telemetry = telemetry;
    this.named = named;
  }

  AttemptObservation startAttempt(@Nullable ExchangeObservation exchange, Request request) {
    Upstream upstream = named == null ? null : named(named, uri(request));
    if (upstream == null) {
      upstream = upstream(request.getHost(), request.getPort());
    }
    return exchange == null ? telemetry.startAttempt(upstream) : exchange.startAttempt(upstream);
  }

  /** Starts a connection that is opened for no particular request. */
  ConnectionObservation startConnection(Origin origin) {
    Upstream upstream = named == null ? null : named(named, URI.create(origin.asString()));
    if (upstream == null) {
      upstream = upstream(origin.getAddress().getHost(), origin.getAddress().getPort());
    }
    return telemetry.startUpstreamConnection(upstream);
  }

  /** An unnamed upstream. Jetty keeps the brackets of an IPv6 address. */
  static Upstream upstream(String host, int port) {
    return Upstream.of(
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
        port);
  }

  private static URI uri(Request request) {
    URI uri = request.getURI();
    // Jetty has none for a target that is not a path, such as "*".
    return uri == null
        ? URI.create(
            new Origin(request.getScheme(), request.getHost(), request.getPort()).asString())
        : uri;
  }

  private static @Nullable Upstream named(Function<URI, Upstream> named, URI uri) {
    try {
      return named.apply(uri);
    } catch (Throwable thrown) {
      // Code of the host; the request is sent with an unnamed upstream.
      return null;
    }
  }
}
