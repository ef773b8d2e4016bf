package io.github.proxytelemetry.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * A few seconds of one scenario at one proxy.
 *
 * @param mode the proxy's
 * @param load what the generator saw
 * @param usage what the proxy used
 */
record Slice(String mode, Load load, Usage usage) {
  private static final double NANOS_PER_MICRO = 1e3;

  static Slice measure(Scenario scenario, ProxyProcess proxy, Duration duration)
      throws IOException, InterruptedException {
    Usage before = proxy.usage();
    Load load = scenario.run(proxy, duration);
    return new Slice(proxy.mode(), load, proxy.usage().minus(before));
  }

  double throughput() {
    return load.requests() / load.seconds();
  }

  /** Processor time of a request in microseconds. */
  double cpu() {
    return usage.cpuNanos() / NANOS_PER_MICRO / load.requests();
  }

  /** The part of it that the kernel has no share in. */
  double user() {
    return usage.userNanos() / NANOS_PER_MICRO / load.requests();
  }

  /** Bytes that a request allocates. */
  double bytes() {
    return (double) usage.bytes() / load.requests();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-12s %7.0f requests/s  %6.2f CPU µs  %6.2f user  %6.0f B  p50 %d µs  p99 %d µs"
            + "  compiler %d ms",
        mode,
        throughput(),
        cpu(),
        user(),
        bytes(),
        load.latency().p50(),
        load.latency().p99(),
        usage.compilerMillis());
  }
}
