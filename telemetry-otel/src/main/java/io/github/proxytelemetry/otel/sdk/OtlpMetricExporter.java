package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;

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
    return encoding.send(() -> encoder.export(metrics));
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return encoding.shutdown();
  }
}
