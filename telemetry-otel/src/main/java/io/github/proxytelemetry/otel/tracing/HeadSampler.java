package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;

/** Calls of the host's {@link Sampling}. One that throws counts as "not sampled". */
record HeadSampler(Sampling sampling, CallbackErrors errors) {
  /** The sampling responsible for a request; {@link Sampling#never()} if its caller decided so. */
  Sampling responsible(InboundHint.Decision decision, RequestInfo request) {
    if (decision == InboundHint.Decision.UNSAMPLED) {
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

  /**
   * Whether it is sampled.
   *
   * @param random the random part of the trace id
   */
  boolean samples(
      Sampling responsible, InboundHint.Decision decision, RequestInfo request, long random) {
    try {
      return switch (decision) {
        case OPEN -> responsible.sample(request, random);
        case SAMPLED -> responsible.follow();
        case UNSAMPLED -> false;
      };
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
