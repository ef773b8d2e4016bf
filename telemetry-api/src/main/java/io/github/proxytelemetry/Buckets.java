package io.github.proxytelemetry;

import java.util.List;

/** The upper bounds of histograms, chosen by what is measured. */
final class Buckets {
  /** Network round trips, from one in a rack to one that times out; seconds. */
  static final List<Double> LATENCY =
      List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

  /** A proxy's own work, which should be far below a millisecond; seconds. */
  static final List<Double> PROCESSING =
      List.of(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0);

  /** Connections and tunnels: from one request to a day; seconds. */
  static final List<Double> LIFETIME =
      List.of(0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0);

  /** What the semantic conventions advise for the duration of HTTP requests; seconds. */
  static final List<Double> REQUEST =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  /** Message bodies, from a short header's worth to 64 MiB; bytes. */
  static final List<Double> SIZE =
      List.of(
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

  private Buckets() {}
}
