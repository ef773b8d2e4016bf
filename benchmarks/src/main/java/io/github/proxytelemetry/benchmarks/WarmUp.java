package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.time.Duration;

/**
 * Load before anything is compared, until the compiler is quiet.
 *
 * @param cold the first seconds of it
 * @param compilerMillis of compilation in a second at its end
 */
record WarmUp(Slice cold, double compilerMillis) {
  private static final Duration COLD = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofSeconds(5);

  /** Two percent of the time. */
  private static final double QUIET_MILLIS_PER_SECOND = 20;

  /** Takes at least so long, and at most twice. */
  static WarmUp run(Scenario scenario, ProxyProcess proxy, Duration atLeast)
      throws IOException, InterruptedException {
    Slice cold = Slice.measure(scenario, proxy, shorter(COLD, atLeast));
    Duration step = shorter(STEP, atLeast);
    Duration left = atLeast.minus(shorter(COLD, atLeast)).minus(step);
    if (!left.isNegative() && !left.isZero()) {
      scenario.run(proxy, left);
    }
    double compiler = step(scenario, proxy, step);
    for (Duration extra = step;
        compiler > QUIET_MILLIS_PER_SECOND && extra.compareTo(atLeast) <= 0;
        extra = extra.plus(step)) {
      compiler = step(scenario, proxy, step);
    }
    return new WarmUp(cold, compiler);
  }

  private static double step(Scenario scenario, ProxyProcess proxy, Duration duration)
      throws IOException, InterruptedException {
    Slice slice = Slice.measure(scenario, proxy, duration);
    return slice.usage().compilerMillis() / (double) duration.toSeconds();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
