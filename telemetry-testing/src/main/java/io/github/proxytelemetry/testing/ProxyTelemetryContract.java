package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/**
 * What every back end of {@link ProxyTelemetry} has to count, whatever it exports to: each flow of
 * a proxy gives exactly the numbers that {@link Instrument} defines, in any order of calls, and
 * what is active goes back to 0.
 *
 * <p>Extend it and run it as any JUnit class. Each case gets an instance of its own, and expects
 * that its back end has counted nothing yet.
 */
public abstract class ProxyTelemetryContract {
  /** For subclasses. */
  protected ProxyTelemetryContract() {}

  /**
   * The back end, with every group of instruments switched on.
   *
   * @return the same one for the life of this instance
   */
  protected abstract ProxyTelemetry telemetry();

  /**
   * Reads what the back end has counted.
   *
   * @param instrument what to read
   * @param labels values of some of its dimensions; none for all of it
   * @return the sum of all series that have these labels, of a histogram the number of its values;
   *     0 where there is no such series
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
}
