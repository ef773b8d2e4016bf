package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Sums of the wire bytes of one side, resolved once. */
record WireBytes(LongAdder received, LongAdder sent) {
  static WireBytes of(Metrics metrics, Side side) {
    return new WireBytes(
        sum(metrics, LabelValues.RECEIVED, side), sum(metrics, LabelValues.SENT, side));
  }

  private static LongAdder sum(Metrics metrics, int direction, Side side) {
    LongAdder sum =
        metrics.sum(Instrument.CONNECTION_IO_BYTES_TOTAL, PackedLabels.direction(direction, side));
    // Where the instrument is off, nobody reads the sum.
    return Objects.requireNonNullElseGet(sum, LongAdder::new);
  }
}
