package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * Names of the spans of stages. KrakenD gives them the route, and says on those of a request to an
 * upstream which endpoint it is for; the keys are those of the naming's metrics of that stage. Any
 * other naming has neither.
 *
 * @param endpoint the key of the endpoint's route
 * @param endpointMethod the key of the endpoint's method
 */
public record StageNames(
    @Nullable AttributeKey<String> endpoint, @Nullable AttributeKey<String> endpointMethod) {
  private static final String KRAKEND = "krakend.";

  /** Those that go with a naming of metrics. */
  public static StageNames of(MetricNaming naming) {
    return new StageNames(key(naming, Dimension.ROUTE), key(naming, Dimension.DOWNSTREAM_METHOD));
  }

  private static @Nullable AttributeKey<String> key(MetricNaming naming, Dimension dimension) {
    String key = naming.key(Instrument.UPSTREAM_DURATION_SECONDS, dimension);
    return key != null && key.startsWith(KRAKEND) ? AttributeKey.stringKey(key) : null;
  }

  /** Whether they are KrakenD's. */
  boolean areRoutes() {
    return endpoint != null;
  }

  /** Sets which endpoint a request to an upstream is for. */
  void setEndpoint(Span span, @Nullable String route, String method) {
    if (endpoint != null && route != null) {
      span.setAttribute(endpoint, route);
    }
    if (endpointMethod != null) {
      span.setAttribute(endpointMethod, method);
    }
  }
}
