package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An OpenTelemetry SDK and its exporters, running. It touches no global OpenTelemetry.
 *
 * <p>Every exporter has background threads and deadlines of its own, so one that hangs holds up
 * neither the others nor whoever records. Thread-safe.
 */
final class TelemetrySdk {
  /** Far above any value of ours; bounds what the host's own spans can put into the queue. */
  private static final int MAX_ATTRIBUTE_LENGTH = 1024;

  /** One for metrics, one for traces, and a few more in place of those that hang. */
  private static final int SENDERS = 8;

  private final List<ExportLoop> loops = new ArrayList<>();
  private final List<ExecutorService> executors = new ArrayList<>();
  private final Map<String, PrometheusExport> listeners = new LinkedHashMap<>();
  private final HostMetrics hostMetrics;
  private final SdkMeterProvider meterProvider;
  private final SdkTracerProvider tracerProvider;
  private final SdkOpenTelemetry openTelemetry;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile @Nullable Delivery closed;

  static TelemetrySdk start(ProxyTelemetrySdkBuilder builder) {
    return new TelemetrySdk(builder);
  }

  private TelemetrySdk(ProxyTelemetrySdkBuilder builder) {
    Resource resource = resource(builder.resource);
    nameExporters(builder);
    IdGenerator ids = builder.traceIds.generator();
    SdkMeterProviderBuilder metrics =
        SdkMeterProvider.builder()
            .setResource(resource)
            .setExemplarFilter(ExemplarFilter.alwaysOff());
    SdkTracerProviderBuilder spans =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setSampler(new RecordedSampler())
            .setIdGenerator(new ToldIds(ids))
            .setSpanLimits(
                SpanLimits.builder().setMaxAttributeValueLength(MAX_ATTRIBUTE_LENGTH).build());
    hostMetrics = new HostMetrics(resource);
    boolean started = false;
    try {
      addOtlp(builder, metrics, spans);
      addPrometheus(builder, metrics);
      hostMetrics.start();
      started = true;
    } finally {
      if (!started) {
        stop();
      }
    }
    meterProvider = metrics.build();
    tracerProvider = spans.build();
    openTelemetry =
        new SdkOpenTelemetry(
            builder.hasExporters(),
            builder.otlp.stream().anyMatch(options -> options.traces),
            builder.sampling,
            new SdkSpanHints(ids),
            tracerProvider,
            meterProvider,
            ContextPropagators.create(builder.propagators),
            this::registerExportMetrics);
    loops.forEach(ExportLoop::start);
  }

  /**
   * The SDK, to record into.
   *
   * @return the same every time
   */
  SdkOpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /**
   * Exports what was recorded until now, to all destinations at once, and waits for it.
   *
   * @param timeout how long to wait at most
   * @return what became of it
   */
  Delivery flush(Duration timeout) {
    Delivery end = closed;
    if (end != null) {
      return end;
    }
    long deadline = System.nanoTime() + Durations.nanos(timeout);
    long[] tickets = loops.stream().mapToLong(ExportLoop::request).toArray();
    Delivery delivery = Delivery.delivered();
    for (int i = 0; i < tickets.length; i++) {
      delivery = delivery.and(loops.get(i).await(tickets[i], deadline));
    }
    return delivery;
  }

  /**
   * Exports what was recorded until now, and stops everything. Whoever comes second waits for the
   * first, and gets the same answer.
   *
   * @param timeout how long to wait at most
   * @return what became of it
   */
  Delivery close(Duration timeout) {
    long deadline = System.nanoTime() + Durations.nanos(timeout);
    closing.lock();
    try {
      Delivery delivery = closed;
      if (delivery == null) {
        delivery = Delivery.delivered();
        long[] tickets = loops.stream().mapToLong(ExportLoop::requestStop).toArray();
        for (int i = 0; i < tickets.length; i++) {
          delivery = delivery.and(loops.get(i).awaitStop(tickets[i], deadline));
        }
        stop();
        loops.forEach(ExportLoop::join);
        tracerProvider.shutdown();
        meterProvider.shutdown();
        closed = delivery;
      }
      return delivery;
    } finally {
      closing.unlock();
    }
  }

  List<ExporterHealth> health() {
    Stream<ExporterHealth> pushed = loops.stream().map(ExportLoop::health);
    return Stream.concat(pushed, listeners.values().stream().map(PrometheusExport::health))
        .toList();
  }

  /**
   * Where a Prometheus exporter listens.
   *
   * @param exporterName its name
   * @return its address
   * @throws IllegalArgumentException if there is none of that name
   */
  InetSocketAddress prometheusAddress(String exporterName) {
    PrometheusExport listener = listeners.get(exporterName);
    if (listener == null) {
      throw new IllegalArgumentException(
          "exporter name: was \"" + exporterName + "\", allowed are " + listeners.keySet());
    }
    return listener.address();
  }

  @Override
  public String toString() {
    return loops.size() + " exports, " + listeners.size() + " listeners";
  }

  private void registerExportMetrics(String prefix) {
    ExportMetrics.register(
        openTelemetry.getMeter("io.github.proxytelemetry.export"), prefix, this::health);
  }

  private static Resource resource(Map<String, String> attributes) {
    AttributesBuilder described = Attributes.builder();
    attributes.forEach(described::put);
    return Resource.getDefault().merge(Resource.create(described.build()));
  }

  private static void nameExporters(ProxyTelemetrySdkBuilder builder) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < builder.otlp.size(); i++) {
      OtlpOptions exporter = builder.otlp.get(i);
      exporter.name = unique(names, nameOf(exporter.name, "otlp", i));
    }
    for (int i = 0; i < builder.prometheus.size(); i++) {
      PrometheusOptions exporter = builder.prometheus.get(i);
      exporter.name = unique(names, nameOf(exporter.name, "prometheus", i));
    }
  }

  private static String nameOf(@Nullable String given, String kind, int index) {
    if (given != null) {
      return given;
    }
    return index == 0 ? kind : kind + "-" + (index + 1);
  }

  private static String unique(Set<String> names, String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          "exporter name: was \"" + name + "\" twice, allowed are names that differ");
    }
    return name;
  }

  private void addOtlp(
      ProxyTelemetrySdkBuilder builder,
      SdkMeterProviderBuilder metrics,
      SdkTracerProviderBuilder spans) {
    for (OtlpOptions options : builder.hasExporters() ? builder.otlp : List.<OtlpOptions>of()) {
      Endpoint endpoint = Endpoint.parse(options, builder.variables);
      String name = String.valueOf(options.name);
      ExecutorService executor = NamedThreads.bounded("proxy-telemetry-" + name, SENDERS);
      executors.add(executor);
      OtlpExport export = new OtlpExport(options, endpoint);
      ExportGuard guard = new ExportGuard(executor, Durations.nanos(options.timeout));
      if (options.metrics) {
        Duration interval = Objects.requireNonNullElse(options.interval, builder.metricInterval);
        MetricExport loop =
            new MetricExport(name, export.metricExporter(), guard, Durations.nanos(interval));
        loops.add(loop);
        metrics.registerMetricReader(loop.addSource());
        hostMetrics.add(options.jvmMetrics, options.processMetrics, loop::addSource);
      }
      if (options.traces) {
        SpanExport loop = new SpanExport(name, export.spanExporter(), guard);
        loops.add(loop);
        spans.addSpanProcessor(loop);
      }
    }
  }

  private void addPrometheus(ProxyTelemetrySdkBuilder builder, SdkMeterProviderBuilder metrics) {
    for (PrometheusOptions options :
        builder.hasExporters() ? builder.prometheus : List.<PrometheusOptions>of()) {
      String name = String.valueOf(options.name);
      PrometheusExport listener =
          PrometheusExport.start(name, options, PrometheusExport.SCRAPE_NANOS);
      listeners.put(name, listener);
      metrics.registerMetricReader(listener.addSource());
      hostMetrics.add(options.jvmMetrics, options.processMetrics, listener::addSource);
    }
  }

  private void stop() {
    hostMetrics.close();
    listeners.values().forEach(PrometheusExport::close);
    executors.forEach(ExecutorService::shutdownNow);
  }
}
