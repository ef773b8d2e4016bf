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
   * Gives names to upstreams that the proxy's configuration knows. Without it, none has a name.
   *
   * @param upstreams finds the upstream of a request's URI, on the thread that sends the request;
   *     one that throws leaves the upstream without a name
   * @return this
   */
  public HttpClientTelemetryBuilder upstreams(Function<URI, Upstream> upstreams) {
    this.upstreams = Objects.requireNonNull(upstreams, "upstreams");
    return this;
  }

  /**
   * After what time a response's body that nobody asks for any more counts as given up. It does so
   * before twice that time is over; while there are bodies that may be forgotten, the JDK's own
   * timer ({@link java.util.concurrent.CompletableFuture#delayedExecutor}) looks at them. Five
   * minutes by default.
   *
   * @param limit more than nothing
   * @return this
   * @throws IllegalArgumentException if {@code limit} is zero or negative
   */
  public HttpClientTelemetryBuilder unreadLimit(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("limit is " + limit + ", but has to be more than nothing");
    }
    this.unreadLimit = limit;
    return this;
  }

  /**
   * Makes what wraps clients.
   *
   * @return it, immutable
   */
  public HttpClientTelemetry build() {
    return new HttpClientTelemetry(this);
  }
}
