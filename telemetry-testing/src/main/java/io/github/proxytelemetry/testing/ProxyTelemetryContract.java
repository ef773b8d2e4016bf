package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/**
 * Contract of back ends of {@link ProxyTelemetry}: call sequences of a proxy yield exactly the
 * numbers that {@link Instrument} defines, in any order of calls, and gauges return to 0.
 *
 * <p>Extend it and run it as a JUnit class. JUnit creates an instance per case; its back end must
 * not have recorded anything before.
 */
public abstract class ProxyTelemetryContract {
  /** For subclasses. */
  protected ProxyTelemetryContract() {}

  /**
   * Returns the back end, with all groups of instruments enabled.
   *
   * @return the same back end for the life of this instance
   */
  protected abstract ProxyTelemetry telemetry();

  /**
   * Returns the recorded value of an instrument.
   *
   * @param instrument the instrument
   * @param labels values of some of its dimensions; empty for the total
   * @return the sum over all series with these labels, for a histogram its count; 0 if there is no
   *     such series
   */
  protected abstract double value(Instrument instrument, Map<Dimension, String> labels);

  @Nested
  class Flows extends FlowCases {
    Flows() {
      super(ProxyTelemetryContract.this);
    }
  }

  @Nested
  class Failures extends FailureCases {
    Failures() {
      super(ProxyTelemetryContract.this);
    }
  }

  @Nested
  class Ends extends EndCases {
    Ends() {
      super(ProxyTelemetryContract.this);
    }
  }

  @Nested
  class Strangers extends HostileCases {
    Strangers() {
      super(ProxyTelemetryContract.this);
    }
  }

  @Nested
  class Nulls extends NullCases {
    Nulls() {
      super(ProxyTelemetryContract.this);
    }
  }
}
