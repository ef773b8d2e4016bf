package io.github.proxytelemetry.benchmarks;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same work under every instrumentation, which has to prove that it works before it is timed.
 */
@State(Scope.Thread)
public abstract class PipelineBenchmark extends Measured {
  /** Enough that one percent of them is never none. */
  private static final int TRIALS = 5000;

  /** What observes the pipeline; the README explains each. */
  @Param({
    "none",
    "off",
    "metrics",
    "peerMetrics",
    "ratio1",
    "unsampled",
    "late",
    "all",
    "hostRatio1",
    "peerRatio1",
    "ratio100",
    "peerRatio100"
  })
  public String mode;

  Instrumentation instrumentation;

  /** Starts the instrumentation, and checks that what is done arrives at its far end. */
  @Setup
  public void start() {
    instrumentation = Instrumentation.start(mode);
    open();
    for (int i = 0; i < TRIALS; i++) {
      Instrumentation.require(work() != null, "no response");
    }
    instrumentation.verify(TRIALS, isProxied() ? TRIALS : 0, 0);
  }

  /** Closes what {@link #start} opened. */
  @TearDown
  public void stop() {
    close();
    instrumentation.close();
  }

  void open() {}

  /** What is timed; returns the response. */
  abstract Object work();

  boolean isProxied() {
    return false;
  }

  void close() {}
}
