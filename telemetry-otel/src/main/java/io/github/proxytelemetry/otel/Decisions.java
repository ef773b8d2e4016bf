package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.opentelemetry.api.trace.SpanContext;
import java.util.concurrent.ThreadLocalRandom;

/** Asks the host's sampling. Where it throws, the answer is no. */
record Decisions(Sampling sampling, HostErrors errors) {
  /** Who decides about a request; nobody of ours, where its trace comes in unsampled. */
  Sampling responsible(SpanContext parent, RequestInfo request) {
    if (parent.isValid() && !parent.isSampled()) {
      return Sampling.never();
    }
    try {
      return sampling.forRequest(request);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      errors.threw(HostErrors.Callback.SAMPLING, e);
      return Sampling.never();
    }
  }

  boolean isSampled(Sampling responsible, SpanContext parent, RequestInfo request) {
    try {
      return parent.isValid()
          ? parent.isSampled() && responsible.follow()
          : responsible.sample(request, ThreadLocalRandom.current().nextLong());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      errors.threw(HostErrors.Callback.SAMPLING, e);
      return false;
    }
  }

  boolean isKeptLate(Sampling responsible, boolean failed, long durationNanos) {
    try {
      return responsible.sampleAtEnd(failed, durationNanos);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      errors.threw(HostErrors.Callback.SAMPLING, e);
      return false;
    }
  }
}
