package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.Map;

/** Contract of back ends on a tally with or without mistakes. */
class TallyContract extends ProxyTelemetryContract {
  private final Tally tally;

  TallyContract(Tally.Mistake... mistakes) {
    this.tally = new Tally(mistakes);
  }

  @Override
  protected ProxyTelemetry telemetry() {
    return new TallyTelemetry(tally);
  }

  @Override
  protected double value(Instrument instrument, Map<Dimension, String> labels) {
    return tally.value(instrument, labels);
  }
}
