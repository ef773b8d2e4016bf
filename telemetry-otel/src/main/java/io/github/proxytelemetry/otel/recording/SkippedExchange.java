package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;

/**
 * Every exchange whose path is skipped. It has no state. The client chooses the path, so headers
 * are removed here too where privacy is strict.
 */
final class SkippedExchange implements ExchangeObservation {
  private final Recorder recorder;
  private final AttemptObservation attempt = new SkippedAttempt();

  SkippedExchange(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public <C> void informational(int status, C headers, HeaderAccess<C> access) {
    strip(headers, access);
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    strip(trailers, access);
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
    public <C> void requestTrailers(C trailers, HeaderAccess<C> access) {
      strip(trailers, access);
    }

    @Override
    public void end() {}
  }
}
