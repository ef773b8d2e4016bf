package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.github.proxytelemetry.otel.tracing.Outbound;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt keeps of its upstream, in an {@code int}: the number as a label, and in the
 * lowest bit whether it gets our context.
 */
final class Destination {
  private static final int REACHED = 1;

  private Destination() {}

  static int of(Metrics metrics, Outbound outbound, @Nullable Upstream upstream) {
    int number = metrics.labels.upstreamNumber(upstream);
    return number << 1 | (outbound.reaches(upstream) ? REACHED : 0);
  }

  static boolean isReached(int destination) {
    return (destination & REACHED) != 0;
  }

  static int number(int destination) {
    return destination >> 1;
  }

  static long label(int destination) {
    return PackedLabels.upstream(number(destination));
  }
}
