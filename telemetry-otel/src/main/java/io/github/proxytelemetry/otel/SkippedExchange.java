package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;

/**
 * Every exchange that the host does not want to be observed. It has no state. A path is a user's
 * choice, so what {@link Privacy#STRICT} promises about headers holds here too.
 */
final class SkippedExchange implements ExchangeObservation {
  /** In the place of an attempt that could not be started. */
  static final AttemptObservation NO_ATTEMPT = new AttemptObservation() {};

  private final Recorder recorder;
  private final AttemptObservation attempt = new SkippedAttempt();

  SkippedExchange(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    strip(headers, access);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return attempt;
  }

  @Override
  public void end() {}

  private <C> void strip(C headers, HeaderAccess<C> access) {
    try {
      recorder.tracing.outbound.strip(headers, access);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private final class SkippedAttempt implements AttemptObservation {
    @Override
    public <C> void inject(C headers, HeaderAccess<C> access) {
      strip(headers, access);
    }

    @Override
    public void end() {}
  }
}
