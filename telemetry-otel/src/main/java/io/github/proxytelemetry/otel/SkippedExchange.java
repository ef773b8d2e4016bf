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
  private final Outbound outbound;
  private final AttemptObservation attempt = new SkippedAttempt();

  SkippedExchange(Outbound outbound) {
    this.outbound = outbound;
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    outbound.strip(headers, access);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return attempt;
  }

  @Override
  public void end() {}

  private final class SkippedAttempt implements AttemptObservation {
    @Override
    public <C> void inject(C headers, HeaderAccess<C> access) {
      outbound.strip(headers, access);
    }

    @Override
    public void end() {}
  }
}
