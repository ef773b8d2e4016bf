package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.context.Context;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Trace of a call of the host itself that is sampled at its end, by its outcome. */
final class EndSampledCall extends UnsampledAttempt {
  private static final int FIRST_ERROR_STATUS = 400;

  private final EndSampling sampling;
  private final Upstream upstream;
  private final long startNanos;
  private @Nullable RequestInfo request;
  private int protocol;

  EndSampledCall(EndSampling sampling, UnsampledTrace trace, Upstream upstream, long startNanos) {
    super(trace);
    this.sampling = sampling;
    this.upstream = upstream;
    this.startNanos = startNanos;
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
    boolean failed = error != null || status >= FIRST_ERROR_STATUS;
    if (!sampling.samples(failed, endNanos - startNanos)) {
      return;
    }
    ClientSpan span =
        sampling
            .tracing()
            .startHostCall(Context.root(), upstream, startNanos, sampling.offset(), ids());
    if (request != null) {
      span.requestStarted(request, sampling.tracing().methods);
    }
    if (protocol != 0) {
      span.protocol(protocol);
    }
    span.end(endNanos, route, status, grpcStatus, canceled, error);
  }
}
