package io.github.proxytelemetry;

import java.util.List;

/** Explicit bucket boundaries of histograms, by what they measure. */
enum Buckets {
  /** Network round trips, from within a rack to a time-out. */
  LATENCY("s", 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),

  /** A proxy's own work, usually far below a millisecond. */
  PROCESSING("s", 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),

  /** Connections and tunnels, from a single request to a day. */
  LIFETIME("s", 0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0),

  /** The boundaries that the semantic conventions advise for the duration of HTTP requests. */
  REQUEST("s", 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0),

  /** Message bodies, from 128 B to 64 MiB. */
  SIZE(
      "By",
      128.0,
      1024.0,
      4096.0,
      16_384.0,
      65_536.0,
      262_144.0,
      1_048_576.0,
      4_194_304.0,
      16_777_216.0,
      67_108_864.0);

  private final String unit;

  // A list of List.of, whose type does not show that it is immutable.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Double> bounds;

  Buckets(String unit, Double... bounds) {
    this.unit = unit;
    this.bounds = List.of(bounds);
  }

  String unit() {
    return unit;
  }

  List<Double> bounds() {
    return bounds;
  }
}
