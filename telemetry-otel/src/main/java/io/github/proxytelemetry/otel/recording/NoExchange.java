package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import org.jspecify.annotations.Nullable;

/**
 * Stand-in for the exchange that a call of the host itself does not have. Such a call may be gRPC,
 * its time is no part of an exchange's, and only a trace of its own is sent on.
 */
final class NoExchange extends Exchange {
  NoExchange(Recorder recorder) {
    super(recorder, null, Methods.POST, null, 0, null);
    status = INVALID_STATUS;
  }

  @Override
  @Nullable ExchangeTrace trace() {
    return null;
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return recorder.startAttempt(upstream);
  }
}
