package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.sdk.OwnTracers;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.testing.time.TestClock;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A telemetry on a real SDK with readers in memory and a clock that stands still until it is set.
 */
final class Bench {
  static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8443);
  static final long MS = 1_000_000;

  final InMemoryMetricReader reader = InMemoryMetricReader.create();
  final InMemorySpanExporter spans = InMemorySpanExporter.create();
  final AtomicLong clock = new AtomicLong(1000 * MS);
  final OpenTelemetrySdk sdk;
  final MetricNaming naming;
  final OtelProxyTelemetry telemetry;

  static Bench metricsOnly() {
    return new Bench(null, Sampler.alwaysOn());
  }

  static Bench traced() {
    return new Bench(Sampling.always(), Sampler.alwaysOn());
  }

  static Bench untraced() {
    return new Bench(Sampling.never(), Sampler.alwaysOn());
  }

  static Bench layered(MetricNaming naming, Layers layers) {
    return new Bench(Sampling.always(), Sampler.alwaysOn(), naming, layers);
  }

  static Bench layeredMetrics(MetricNaming naming, Layers layers) {
    return new Bench(null, Sampler.alwaysOn(), naming, layers);
  }

  Bench(@Nullable Sampling sampling, Sampler sampler) {
    this(sampling, sampler, MetricNaming.PRIVACY_PROXY, Layers.none());
  }

  private Bench(@Nullable Sampling sampling, Sampler sampler, MetricNaming naming, Layers layers) {
    this(
        sampling,
        SdkTracerProvider.builder().setSampler(sampler),
        Marks.NONE,
        Policy.DEFAULT,
        naming,
        layers);
  }

  /** With all that our own SDK decides about spans, as {@code build()} sets it up. */
  static Bench own(Sampling sampling, Policy policy) {
    return own(sampling, policy, Layers.none());
  }

  static Bench own(Sampling sampling, Policy policy, Layers layers) {
    return new Bench(
        sampling,
        OwnTracers.builder(),
        new SdkMarks(IdGenerator.random()::generateTraceId),
        policy,
        MetricNaming.PRIVACY_PROXY,
        layers);
  }

  private Bench(
      @Nullable Sampling sampling,
      SdkTracerProviderBuilder tracers,
      Marks marks,
      Policy policy,
      MetricNaming naming,
      Layers layers) {
    this.naming = naming;
    sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(
                SdkMeterProvider.builder()
                    .setExemplarFilter(ExemplarFilter.alwaysOff())
                    .setClock(TestClock.create())
                    .registerMetricReader(reader)
                    .build())
            .setTracerProvider(tracers.addSpanProcessor(SimpleSpanProcessor.create(spans)).build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    SelfMetrics self = new SelfMetrics(sdk.getMeter(OtelProxyTelemetry.SCOPE), naming);
    telemetry =
        new OtelProxyTelemetry(
            sdk,
            null,
            sampling == null
                ? Tracing.off(policy)
                : Tracing.own(sdk, sampling, marks, policy, self.hostErrors),
            naming,
            layers,
            policy.isStrict() ? ServerTiming.named("proxy").coarse() : ServerTiming.named("proxy"),
            clock::get,
            true,
            self);
  }

  void after(long millis) {
    clock.addAndGet(millis * MS);
  }

  /** A counter's series, {@code labels} being keys and values in turn; -1 if it is not exported. */
  long value(Instrument instrument, String... labels) {
    return sums(instrument)
        .filter(point -> point.getAttributes().equals(attributes(labels)))
        .mapToLong(LongPointData::getValue)
        .findFirst()
        .orElse(-1);
  }

  /** A series of what the telemetry tells of itself, {@code labels} as in {@link #value}. */
  long own(String name, String... labels) {
    return metric(OwnNames.telemetry(naming) + name).getLongSumData().getPoints().stream()
        .filter(point -> point.getAttributes().equals(attributes(labels)))
        .mapToLong(LongPointData::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no such series"));
  }

  /** The sum over all series of a counter. */
  long total(Instrument instrument) {
    return sums(instrument).mapToLong(LongPointData::getValue).sum();
  }

  /** As {@code ProxyTelemetryContract} reads it: all series that have these labels. */
  double sum(Instrument instrument, Map<Dimension, String> labels) {
    return metric(instrument)
        .flatMap(metric -> metric.getData().getPoints().stream())
        .filter(point -> hasLabels(point, labels))
        .mapToLong(
            point ->
                point instanceof HistogramPointData histogram
                    ? histogram.getCount()
                    : ((LongPointData) point).getValue())
        .sum();
  }

  /** How many values a histogram has, in all its series. */
  long count(Instrument instrument) {
    return points(instrument).stream().mapToLong(HistogramPointData::getCount).sum();
  }

  /** The sum of a histogram's values, in milliseconds. */
  double sumMillis(Instrument instrument) {
    return points(instrument).stream().mapToDouble(HistogramPointData::getSum).sum() * 1000;
  }

  SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " not in " + spans.getFinishedSpanItems()));
  }

  static <T> @Nullable T attribute(SpanData span, AttributeKey<T> key) {
    return span.getAttributes().get(key);
  }

  private List<HistogramPointData> points(Instrument instrument) {
    return metric(instrument)
        .flatMap(metric -> metric.getHistogramData().getPoints().stream())
        .toList();
  }

  private Stream<LongPointData> sums(Instrument instrument) {
    return metric(instrument).flatMap(metric -> metric.getLongSumData().getPoints().stream());
  }

  private Stream<MetricData> metric(Instrument instrument) {
    String name = naming.name(instrument);
    return reader.collectAllMetrics().stream().filter(metric -> metric.getName().equals(name));
  }

  /** A metric by the name that is exported. */
  MetricData metric(String name) {
    return reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  /** The seconds of the one value of a stage: two of KrakenD's metrics have one name. */
  double stage(String stage) {
    return metric("stage-duration").getHistogramData().getPoints().stream()
        .filter(point -> stage.equals(point.getAttributes().get(StageSpan.STAGE)))
        .mapToDouble(point -> point.getCount() == 1 ? point.getSum() : Double.NaN)
        .sum();
  }

  private static boolean hasLabels(PointData point, Map<Dimension, String> labels) {
    return labels.entrySet().stream()
        .allMatch(
            label -> {
              AttributeKey<String> key = AttributeKey.stringKey(label.getKey().key());
              return label.getValue().equals(point.getAttributes().get(key));
            });
  }

  private static Attributes attributes(String... labels) {
    var builder = Attributes.builder();
    for (int i = 0; i < labels.length; i += 2) {
      builder.put(labels[i], labels[i + 1]);
    }
    return builder.build();
  }
}
