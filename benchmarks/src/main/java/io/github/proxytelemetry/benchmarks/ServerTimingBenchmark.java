package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.ServerTiming;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The value of the {@code Server-Timing} header. */
@State(Scope.Thread)
public class ServerTimingBenchmark extends Measured {
  /** A duration that is usual for a proxy, and one that is not. */
  @Param({"1", "250"})
  public long millis;

  private final ServerTiming timing = ServerTiming.named("proxy");

  /**
   * Formats a duration.
   *
   * @return the header's value
   */
  @Benchmark
  public String format() {
    return timing.format(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
