package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of {@link HttpClientTelemetry}. Not for use by more than one thread. */
public final class HttpClientTelemetryBuilder {
  private static final Duration DEFAULT_UNREAD_LIMIT = Duration.ofMinutes(5);

  final ProxyTelemetry telemetry;
  @Nullable Function<URI, Upstream> upstreams;
  Duration unreadLimit = DEFAULT_UNREAD_LIMIT;

  HttpClientTelemetryBuilder(ProxyTelemetry telemetry) {
    this.telemetry = Objects.requireNonNull(telemetry, "telemetry");
  }

  /**
   * Sets the function that names upstreams. Without it, upstreams are unnamed.
   *
   * @param upstreams returns the upstream of a request's URI, or {@code null}; called on the thread
   *     that sends the request; if it throws, the upstream is unnamed
   * @return this
   */
  public HttpClientTelemetryBuilder upstreams(Function<URI, Upstream> upstreams) {
    this.upstreams = Objects.requireNonNull(upstreams, "upstreams");
    return this;
  }

  /**
   * Sets the time after which a response body without demand is treated as cancelled, at the latest
   * after twice this time. While such bodies are open, the JDK's timer ({@link
   * java.util.concurrent.CompletableFuture#delayedExecutor}) checks them. Five minutes by default.
   *
   * @param limit the time, positive
   * @return this
   * @throws IllegalArgumentException if {@code limit} is zero or negative
   */
  public HttpClientTelemetryBuilder unreadLimit(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException(
          "unread limit: invalid value \"" + limit + "\"; expected a positive duration");
    }
    this.unreadLimit = limit;
    return this;
  }

  /**
   * Builds the adapter.
   *
   * @return the adapter, immutable
   */
  public HttpClientTelemetry build() {
    return new HttpClientTelemetry(this);
  }
}
