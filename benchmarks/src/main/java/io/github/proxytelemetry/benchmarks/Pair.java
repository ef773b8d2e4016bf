package io.github.proxytelemetry.benchmarks;

/**
 * A slice of a mode and the slice of "none" right before it, which it is compared to, so that the
 * machine's drift is in both.
 */
record Pair(Slice none, Slice mode) {
  double throughputRatio() {
    return mode.throughput() / none.throughput();
  }

  double cpuRatio() {
    return mode.cpu() / none.cpu();
  }

  double cpuAdded() {
    return mode.cpu() - none.cpu();
  }

  double userAdded() {
    return mode.user() - none.user();
  }

  double bytesAdded() {
    return mode.bytes() - none.bytes();
  }
}
