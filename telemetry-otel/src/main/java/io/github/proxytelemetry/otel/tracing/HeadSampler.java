package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.opentelemetry.api.trace.SpanContext;
import java.util.concurrent.ThreadLocalRandom;

/** Calls of the host's {@link Sampling}. One that throws counts as "not sampled". */
record HeadSampler(Sampling sampling, CallbackErrors errors) {
  /**
   * The sampling responsible for a request; {@link Sampling#never()} if the parent is unsampled.
   */
  Sampling responsible(SpanContext parent, RequestInfo request) {
    if (parent.isValid() && !parent.isSampled()) {
      return Sampling.never();
    }
    try {
      Sampling responsible = sampling.forRequest(request);
      return responsible == null ? Sampling.never() : responsible;
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.SAMPLING, e);
      return Sampling.never();
    }
  }

  boolean samples(Sampling responsible, SpanContext parent, RequestInfo request) {
    try {
      return parent.isValid()
          ? parent.isSampled() && responsible.follow()
          : responsible.sample(request, ThreadLocalRandom.current().nextLong());
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.SAMPLING, e);
      return false;
    }
  }

  boolean decidesAtEnd(Sampling responsible) {
    try {
      return responsible.decidesAtEnd();
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.SAMPLING, e);
      return false;
    }
  }

  boolean samplesAtEnd(Sampling responsible, boolean failed, long durationNanos) {
    try {
      return responsible.sampleAtEnd(failed, durationNanos);
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.SAMPLING, e);
      return false;
    }
  }
}
