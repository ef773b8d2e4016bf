package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.List;

/** Sends metrics with our own sender; its results say what became of them. */
final class OtlpMetricExporter implements MetricExporter {
  private final OtlpEncoding encoding;
  private final MetricExporter encoder;

  OtlpMetricExporter(OtlpEncoding encoding, MetricExporter encoder) {
    this.encoding = encoding;
    this.encoder = encoder;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return encoder.getAggregationTemporality(type);
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    return send(List.copyOf(metrics)).toResult();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return encoding.shutdown();
  }

  /** In halves, where it is too much for one request. */
  private Outcome send(List<MetricData> metrics) {
    Outcome outcome = encoding.send(() -> encoder.export(metrics));
    if (!outcome.tooLarge() || metrics.size() == 1) {
      return outcome;
    }
    List<MetricData> firstHalf = metrics.subList(0, metrics.size() / 2);
    List<MetricData> secondHalf = metrics.subList(metrics.size() / 2, metrics.size());
    Outcome first = send(firstHalf);
    if (first.isWorthARetry()) {
      return first;
    }
    Outcome second = send(secondHalf);
    if (second.isWorthARetry() || (!first.isDelivered() && !second.isDelivered())) {
      return second;
    }
    return Outcome.delivered(rejected(first, firstHalf) + rejected(second, secondHalf));
  }

  private static long rejected(Outcome outcome, List<MetricData> metrics) {
    return outcome.isDelivered() ? outcome.rejected() : MetricExport.points(metrics);
  }
}
