package io.github.proxytelemetry.benchmarks;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An SDK as a host sets it up: a cumulative reader, and spans in batches that are discarded. */
final class HostSdk implements Sdk {
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final Discard exporter = new Discard();
  private final OpenTelemetrySdk sdk;

  HostSdk(double share) {
    sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(
                SdkMeterProvider.builder()
                    .registerMetricReader(reader)
                    .setExemplarFilter(ExemplarFilter.alwaysOff())
                    .build())
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(share)))
                    .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                    .build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  @Override
  public OpenTelemetry openTelemetry() {
    return sdk;
  }

  @Override
  public long count(String metric) {
    return reader.collectAllMetrics().stream()
        .filter(data -> data.getName().equals(metric))
        .mapToLong(HostSdk::count)
        .sum();
  }

  @Override
  public boolean hasExportedSpans() {
    sdk.getSdkTracerProvider().forceFlush().join(10, TimeUnit.SECONDS);
    return exporter.spans.get() > 0;
  }

  @Override
  public void close() {
    sdk.close();
  }

  private static long count(MetricData data) {
    return data.getType() == MetricDataType.HISTOGRAM
        ? data.getHistogramData().getPoints().stream().mapToLong(point -> point.getCount()).sum()
        : data.getLongSumData().getPoints().stream().mapToLong(point -> point.getValue()).sum();
  }

  /** Takes everything and keeps nothing. */
  private static final class Discard implements SpanExporter {
    final AtomicLong spans = new AtomicLong();

    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      spans.addAndGet(batch.size());
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
