package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
public final class TelemetrySdk {
  /** Far above any value of ours; bounds what the host's own spans can put into the queue. */
  private static final int MAX_ATTRIBUTE_LENGTH = 1024;

  /** One for metrics, one for traces, and a few more in place of those that hang. */
  private static final int SENDERS = 8;

  private final List<ExportLoop> loops = new ArrayList<>();
  private final List<ExecutorService> executors = new ArrayList<>();
  private final Map<String, PrometheusExport> listeners = new LinkedHashMap<>();
  private final HostMetrics hostMetrics;
  private final IdGenerator ids;
  private final boolean traces;
  private final OpenTelemetrySdk openTelemetry;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile @Nullable Delivery closed;

  /**
   * Begins the set-up.
   *
   * @param serviceName what is observed ({@code service.name})
   * @return a builder
   * @throws IllegalArgumentException if the name is blank
   */
  public static TelemetrySdkBuilder builder(String serviceName) {
    Objects.requireNonNull(serviceName, "serviceName");
    return new TelemetrySdkBuilder(serviceName, System::getenv);
  }

  /**
   * Begins the set-up, with the name of what is observed to be configured.
   *
   * @return a builder
   */
  public static TelemetrySdkBuilder builder() {
    return new TelemetrySdkBuilder(null, System::getenv);
  }

  /**
   * Marks a context, so that a root span started from it is recorded. Without the mark a span is
   * recorded only where its parent is.
   *
   * @param parent a context
   * @return the same with the mark
   */
  public static Context recorded(Context parent) {
    return RecordedSampler.mark(parent);
  }

  /**
   * Marks a context, so that a span started while it is current has ids that are known already. A
   * root takes the trace's id as well, a child has its parent's.
   *
   * @param context a context
   * @param ids the ids
   * @return the same with the mark
   */
  public static Context withIds(Context context, SpanContext ids) {
    return ToldIds.mark(context, ids);
  }

  static TelemetrySdk start(TelemetrySdkBuilder builder) {
    return new TelemetrySdk(builder);
  }

  private TelemetrySdk(TelemetrySdkBuilder builder) {
    Resource resource = builder.resource();
    ids = Objects.requireNonNullElse(builder.traceIds, TraceIdGenerator.RANDOM).generator();
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
    traces = builder.otlp.stream().anyMatch(options -> options.traces);
    openTelemetry =
        OpenTelemetrySdk.builder()
            .setMeterProvider(metrics.build())
            .setTracerProvider(spans.build())
            .setPropagators(ContextPropagators.create(builder.propagators()))
            .build();
    loops.forEach(ExportLoop::start);
  }

  /**
   * The SDK, to record into.
   *
   * @return the same every time
   */
  public OpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /**
   * Whether any exporter takes traces.
   *
   * @return {@code false} where there is no use in tracing
   */
  public boolean hasTraces() {
    return traces;
  }

  /**
   * Makes the id of a trace that is not recorded, as the ids of those are that are.
   *
   * @return 32 lower-case hexadecimal digits
   */
  public String newTraceId() {
    return ids.generateTraceId();
  }

  /**
   * Exports what was recorded until now, to all destinations at once, and waits for it.
   *
   * @param timeout how long to wait at most
   * @return what became of it
   */
  public Delivery flush(Duration timeout) {
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
  public Delivery close(Duration timeout) {
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
        openTelemetry.shutdown();
        closed = delivery;
      }
      return delivery;
    } finally {
      closing.unlock();
    }
  }

  /**
   * Adds metrics of the exporters themselves to what is exported: {@code exports_total}, {@code
   * items_delivered_total}, {@code items_dropped_total} and {@code items_queued}. To be called
   * once.
   *
   * @param prefix what their names begin with, such as {@code privacy_proxy_telemetry_}
   */
  public void reportExports(String prefix) {
    ExportMetrics.register(
        openTelemetry.getMeter("io.github.proxytelemetry.export"), prefix, this::health);
  }

  /**
   * How the exporters are.
   *
   * @return a snapshot
   */
  public Health health() {
    Stream<ExporterHealth> pushed = loops.stream().map(ExportLoop::health);
    return new Health(
        Stream.concat(pushed, listeners.values().stream().map(PrometheusExport::health)).toList(),
        Faults.NONE);
  }

  /**
   * Where a Prometheus exporter listens.
   *
   * @param exporterName its name
   * @return its address
   * @throws IllegalArgumentException if there is none of that name
   */
  public InetSocketAddress prometheusAddress(String exporterName) {
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

  private void addOtlp(
      TelemetrySdkBuilder builder,
      SdkMeterProviderBuilder metrics,
      SdkTracerProviderBuilder spans) {
    for (OtlpOptions options : builder.otlp) {
      Endpoint endpoint = Endpoint.parse(options, builder.variables);
      String name = String.valueOf(options.name);
      ExecutorService executor = NamedThreads.bounded("proxy-telemetry-" + name, SENDERS);
      executors.add(executor);
      OtlpExport export = new OtlpExport(options, endpoint);
      ExportGuard guard = new ExportGuard(executor, Durations.nanos(options.timeout));
      if (options.metrics) {
        Duration interval = Objects.requireNonNullElse(options.interval, builder.metricInterval());
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

  private void addPrometheus(TelemetrySdkBuilder builder, SdkMeterProviderBuilder metrics) {
    for (PrometheusOptions options : builder.prometheus) {
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
