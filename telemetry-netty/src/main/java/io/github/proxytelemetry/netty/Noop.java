package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.TunnelObservation;

/** Observations that ignore every call, for traffic that is not observed. */
final class Noop {
  static final ExchangeObservation EXCHANGE = new ExchangeObservation() {};
  static final AttemptObservation ATTEMPT = new AttemptObservation() {};
  static final TunnelObservation TUNNEL = new TunnelObservation() {};

  private Noop() {}
}
