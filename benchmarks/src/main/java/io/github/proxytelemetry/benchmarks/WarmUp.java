package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** Load before anything is measured, until the compiler is quiet. */
final class WarmUp {
  private static final Duration STEP = Duration.ofSeconds(5);

  /** Two percent of the time. */
  private static final double QUIET_MILLIS_PER_SECOND = 20;

  private final Scenario scenario;
  private final ProxyProcess proxy;

  WarmUp(Scenario scenario, ProxyProcess proxy) {
    this.scenario = scenario;
    this.proxy = proxy;
  }

  /**
   * Takes at least so long, and at most twice.
   *
   * @return the milliseconds of compilation in a second at its end
   */
  double run(Duration atLeast) throws IOException, InterruptedException {
    Duration step = atLeast.compareTo(STEP) < 0 ? atLeast : STEP;
    Duration left = atLeast.minus(step);
    if (!left.isZero()) {
      scenario.run(proxy, left);
    }
    double compiler = step(step);
    for (Duration extra = step;
        compiler > QUIET_MILLIS_PER_SECOND && extra.compareTo(atLeast) <= 0;
        extra = extra.plus(step)) {
      compiler = step(step);
    }
    return compiler;
  }

  private double step(Duration duration) throws IOException, InterruptedException {
    Slice slice = Slice.measure(scenario, proxy, duration);
    return slice.usage().compilerMillis() / (double) duration.toSeconds();
  }
}
