package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;

/**
 * Options of the metrics of an OTLP exporter. The default is cumulative metrics, and histograms
 * with the bounds of their buckets. Not thread-safe.
 */
public final class OtlpMetricOptions {
  private final OtlpSpec spec;

  OtlpMetricOptions(OtlpSpec spec) {
    this.spec = spec;
  }

  /**
   * Sends counters and histograms as differences since the last export, as {@code delta} of the
   * OpenTelemetry specification. An export that fails is kept and sent again, and meanwhile nothing
   * is collected; one that was received without an answer arrives twice.
   *
   * @return this
   */
  public OtlpMetricOptions delta() {
    spec.temporality = AggregationTemporalitySelector.deltaPreferred();
    return this;
  }

  /**
   * Sends histograms as differences, as {@link #delta} does, and counters that are only read at an
   * export, such as ours, as sums: {@code lowmemory} of the specification.
   *
   * @return this
   */
  public OtlpMetricOptions lowMemory() {
    spec.temporality = AggregationTemporalitySelector.lowMemory();
    return this;
  }

  /**
   * Sends histograms with exponential buckets, of which the SDK chooses the scale: {@code
   * base2_exponential_bucket_histogram} of the specification. Prometheus calls them native.
   *
   * @return this
   */
  public OtlpMetricOptions exponentialHistograms() {
    spec.exponentialHistograms = true;
    return this;
  }
}
