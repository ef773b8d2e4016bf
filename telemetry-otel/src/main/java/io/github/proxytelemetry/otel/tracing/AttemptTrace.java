package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Trace of an attempt: its span, or only a span context that is injected. */
public interface AttemptTrace {
  /** The context to inject. */
  Context context();

  /** Writes that context into a request. */
  default <C> void inject(Outbound outbound, C headers, HeaderAccess<C> access) {
    outbound.inject(context(), headers, access);
  }

  /** The spans of the layer {@code backend}, {@code null} where it is off. */
  default @Nullable AttemptSpans layers() {
    return null;
  }

  /** The host named the route of the request. */
  default void route(String template) {}

  default void requestStarted(RequestInfo request, Methods methods) {}

  /** The number of the response's version is known, as in {@code LabelValues.protocol}. */
  default void protocol(int version) {}

  /**
   * The attempt ended.
   *
   * @param route the route of its exchange, {@code null} where it has none
   * @param grpcStatus the {@code grpc-status} of its response, negative where it had none
   */
  default void end(
      long endNanos,
      @Nullable String route,
      int status,
      int grpcStatus,
      boolean canceled,
      @Nullable ProxyError error) {}
}
