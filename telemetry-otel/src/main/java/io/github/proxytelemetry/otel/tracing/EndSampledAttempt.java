package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.Methods;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trace of an attempt whose exchange is sampled at its end. */
final class EndSampledAttempt extends UnsampledAttempt {
  private final EndSampledTrace exchange;
  private final Upstream upstream;
  private final int method;
  private final int number;
  private final long startNanos;
  private @Nullable RequestInfo request;
  private int protocol;
  private @Nullable String template;
  private @Nullable String route;
  private long endNanos;
  private int status;
  private int grpcStatus;
  private boolean canceled;
  private @Nullable ProxyError error;

  EndSampledAttempt(
      EndSampledTrace exchange, Upstream upstream, int method, int number, long startNanos) {
    super(exchange);
    this.exchange = exchange;
    this.upstream = upstream;
    this.method = method;
    this.number = number;
    this.startNanos = startNanos;
  }

  @Override
  public void route(String template) {
    this.template = template;
  }

  @Override
  public void requestStarted(RequestInfo request, Methods methods) {
    this.request = RequestSnapshot.of(request, Set.of());
  }

  @Override
  public void protocol(int version) {
    protocol = version;
  }

  @Override
  public void end(
      long endNanos,
      @Nullable String route,
      int status,
      int grpcStatus,
      boolean canceled,
      @Nullable ProxyError error) {
    this.endNanos = endNanos;
    this.route = route;
    this.status = status;
    this.grpcStatus = grpcStatus;
    this.canceled = canceled;
    this.error = error;
    exchange.attemptEnded(this);
  }

  /** Creates the span, once the exchange is sampled. */
  void record(ServerSpan parent) {
    ClientSpan span = parent.startClientSpan(upstream, method, number, startNanos, ids());
    if (template != null) {
      span.route(template);
    }
    if (request != null) {
      span.requestStarted(request, parent.tracing().methods);
    }
    if (protocol != 0) {
      span.protocol(protocol);
    }
    span.end(endNanos, route, status, grpcStatus, canceled, error);
  }
}
