package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.TelemetryNames;
import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.github.proxytelemetry.otel.tracing.SpanHints;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
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
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry on a real SDK with exporters in memory and a clock that stands still until it is set.
 */
public final class Bench {
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  public static final Upstream ORIGIN = Upstream.named("origin", "origin.test", 8443);
  public static final long MS = 1_000_000;

  public final InMemoryMetricReader reader = InMemoryMetricReader.create();
  public final InMemorySpanExporter spans = InMemorySpanExporter.create();
  public final AtomicLong clock = new AtomicLong(1000 * MS);
  private final Owned openTelemetry;
  public final MetricNaming naming;
  public final OtelProxyTelemetry telemetry;

  public static Bench metricsOnly() {
    return with(null, options -> {});
  }

  public static Bench traced() {
    return with(Sampling.always(), options -> {});
  }

  public static Bench untraced() {
    return with(Sampling.never(), options -> {});
  }

  public static Bench layered(MetricNaming naming, Layers layers) {
    return with(Sampling.always(), naming, options -> options.layers(layers));
  }

  public static Bench layeredMetrics(MetricNaming naming, Layers layers) {
    return with(null, naming, options -> options.layers(layers));
  }

  public static Bench with(
      @Nullable Sampling sampling, Consumer<OtelProxyTelemetryBuilder> options) {
    return with(sampling, MetricNaming.PRIVACY_PROXY, options);
  }

  /** Telemetry on an SDK with a sampler. */
  static Bench sampledBy(Sampler sampler) {
    return new Bench(
        Sampling.always(),
        SdkTracerProvider.builder().setSampler(sampler),
        SpanHints.NONE,
        MetricNaming.PRIVACY_PROXY,
        options -> {});
  }

  private static Bench with(
      @Nullable Sampling sampling,
      MetricNaming naming,
      Consumer<OtelProxyTelemetryBuilder> options) {
    return new Bench(
        sampling,
        SdkTracerProvider.builder().setSampler(Sampler.alwaysOn()),
        SpanHints.NONE,
        naming,
        options);
  }

  /**
   * Telemetry that samples by itself.
   *
   * @param sampling the head sampling, {@code null} where nothing is traced
   * @param tracers the SDK's tracers, without a processor
   * @param hints what their sampler and id generator understand
   * @param options applied last
   */
  public Bench(
      @Nullable Sampling sampling,
      SdkTracerProviderBuilder tracers,
      SpanHints hints,
      MetricNaming naming,
      Consumer<OtelProxyTelemetryBuilder> options) {
    this(sampling, tracers, hints, naming, W3CTraceContextPropagator.getInstance(), options);
  }

  /** The same with a propagator of the host's. */
  Bench(
      @Nullable Sampling sampling,
      SdkTracerProviderBuilder tracers,
      SpanHints hints,
      MetricNaming naming,
      TextMapPropagator propagator,
      Consumer<OtelProxyTelemetryBuilder> options) {
    this.naming = naming;
    SdkMeterProvider meters =
        SdkMeterProvider.builder()
            .setExemplarFilter(ExemplarFilter.alwaysOff())
            .setClock(TestClock.create())
            .registerMetricReader(reader)
            .build();
    openTelemetry =
        new Owned(
            OpenTelemetrySdk.builder()
                .setMeterProvider(meters)
                .setTracerProvider(
                    tracers.addSpanProcessor(SimpleSpanProcessor.create(spans)).build())
                .setPropagators(ContextPropagators.create(propagator))
                .build(),
            sampling,
            hints);
    OtelProxyTelemetryBuilder builder =
        OtelProxyTelemetry.builder(openTelemetry).naming(naming).clock(clock::get);
    options.accept(builder);
    telemetry = builder.build();
  }

  /** OpenTelemetry of the telemetry's own, whose exporters are in memory. */
  private record Owned(OpenTelemetrySdk sdk, @Nullable Sampling head, SpanHints hints)
      implements OwnedOpenTelemetry {
    @Override
    public boolean isEnabled() {
      return true;
    }

    @Override
    public boolean exportsTraces() {
      return head != null;
    }

    @Override
    public Sampling sampling() {
      return head == null ? Sampling.never() : head;
    }

    @Override
    public void registerExportMetrics(String prefix) {}

    @Override
    public TracerProvider getTracerProvider() {
      return sdk.getTracerProvider();
    }

    @Override
    public MeterProvider getMeterProvider() {
      return sdk.getMeterProvider();
    }

    @Override
    public ContextPropagators getPropagators() {
      return sdk.getPropagators();
    }
  }

  /** The SDK as a host has it, whose own sampler decides. */
  OpenTelemetry sdk() {
    return openTelemetry.sdk();
  }

  public void after(long millis) {
    clock.addAndGet(millis * MS);
  }

  /** A counter's series, {@code labels} being keys and values in turn; -1 if it is not exported. */
  public long value(Instrument instrument, String... labels) {
    return sums(instrument)
        .filter(point -> point.getAttributes().equals(attributes(labels)))
        .mapToLong(LongPointData::getValue)
        .findFirst()
        .orElse(-1);
  }

  /** A series of what the telemetry tells of itself, {@code labels} as in {@link #value}. */
  public long own(String name, String... labels) {
    return metric(TelemetryNames.telemetry(naming) + name).getLongSumData().getPoints().stream()
        .filter(point -> point.getAttributes().equals(attributes(labels)))
        .mapToLong(LongPointData::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " has no such series"));
  }

  /** The sum over all series of a counter. */
  public long total(Instrument instrument) {
    return sums(instrument).mapToLong(LongPointData::getValue).sum();
  }

  /** As {@code ProxyTelemetryContract} reads it: all series that have these labels. */
  public double sum(Instrument instrument, Map<Dimension, String> labels) {
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
  public long count(Instrument instrument) {
    return points(instrument).stream().mapToLong(HistogramPointData::getCount).sum();
  }

  /** The sum of a histogram's values, in milliseconds. */
  public double sumMillis(Instrument instrument) {
    return points(instrument).stream().mapToDouble(HistogramPointData::getSum).sum() * 1000;
  }

  public SpanData span(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " not in " + spans.getFinishedSpanItems()));
  }

  public static <T> @Nullable T attribute(SpanData span, AttributeKey<T> key) {
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
  public MetricData metric(String name) {
    return reader.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  /** The seconds of the one value of a stage: two of KrakenD's metrics have one name. */
  public double stage(String stage) {
    return metric("stage-duration").getHistogramData().getPoints().stream()
        .filter(point -> stage.equals(point.getAttributes().get(STAGE)))
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
