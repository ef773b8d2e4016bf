package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.OwnScope;
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
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;

/**
 * Running SDK with its exporters. It sets no global OpenTelemetry.
 *
 * <p>Every exporter has threads and deadlines of its own, so that one that hangs delays neither the
 * others nor the recording. Thread-safe.
 */
public final class TelemetrySdk {
  /** Above any value of ours; bounds what spans of the host can put into the queue. */
  private static final int MAX_ATTRIBUTE_LENGTH = 1024;

  /** One for metrics, one for traces, and some in place of those that hang. */
  private static final int SENDERS = 8;

  private final List<ExportLoop> loops = new ArrayList<>();
  private final RepeatedExporters repeated = new RepeatedExporters();
  private final List<ExportStats> exporters = new ArrayList<>();
  private final List<ExecutorService> executors = new ArrayList<>();
  private final Map<String, PrometheusExport> listeners = new LinkedHashMap<>();
  private final List<String> routes = new ArrayList<>();
  private final HostMetrics hostMetrics;
  private final @Nullable LiveReader live;
  private final Meters meters;
  private final SdkTracerProvider recordingTracers;
  private final SdkTracerProvider tracerProvider;
  private final SdkOpenTelemetry openTelemetry;
  private final ReentrantLock closing = new ReentrantLock();
  private volatile @Nullable FlushResult closed;

  /**
   * Opens the listeners, and starts the exporters.
   *
   * @throws IllegalArgumentException if the specification is invalid
   * @throws IllegalStateException if a listener cannot be opened
   * @throws LinkageError if a library is missing or has another version than it needs
   */
  public static TelemetrySdk start(SdkSpec spec) {
    LinkCheck.run(spec);
    return new TelemetrySdk(spec);
  }

  private TelemetrySdk(SdkSpec spec) {
    Resource resource = resource(spec);
    IdGenerator ids = spec.xrayIds ? new XrayIds() : IdGenerator.random();
    SdkMeterProviderBuilder metrics = SdkMeterProvider.builder().setResource(resource);
    SdkTracerProviderBuilder spans =
        SdkTracerProvider.builder()
            .setResource(resource)
            .setIdGenerator(new PresetIds(ids))
            .setSpanLimits(
                SpanLimits.builder().setMaxAttributeValueLength(MAX_ATTRIBUTE_LENGTH).build());
    hostMetrics = new HostMetrics(resource);
    live = spec.live && spec.hasExporters() ? new LiveReader() : null;
    boolean started = false;
    try {
      if (spec.hasExporters()) {
        Set<String> names = new HashSet<>();
        for (OtlpSpec otlp : spec.otlp) {
          String name = unique(names, nameOf(otlp.name, "otlp", spec.otlp.indexOf(otlp)));
          addOtlp(otlp, name, spec, metrics, spans);
        }
        for (PrometheusSpec listener : spec.prometheus) {
          int index = spec.prometheus.indexOf(listener);
          addListener(listener, unique(names, nameOf(listener.name, "prometheus", index)), metrics);
        }
      }
      hostMetrics.start();
      started = true;
    } finally {
      if (!started) {
        stop();
      }
    }
    if (live != null) {
      live.register(metrics);
      spans.addSpanProcessor(live.ring());
    }
    meters =
        new Meters(
            metrics, spec.exemplarsOfAll ? ExemplarFilter.alwaysOn() : ExemplarFilter.traceBased());
    recordingTracers = spans.setSampler(Sampler.alwaysOn()).build();
    tracerProvider = spans.setSampler(Sampler.parentBased(Sampler.alwaysOff())).build();
    openTelemetry =
        new SdkOpenTelemetry(
            spec.hasExporters(),
            spec.hasTraces(),
            spec.sampling,
            new SdkSpanHints(spec.xrayIds),
            recordingTracers,
            tracerProvider,
            meters,
            ContextPropagators.create(spec.propagators),
            this::registerExportMetrics,
            live);
    loops.forEach(ExportLoop::start);
  }

  /** One line of what goes where, with no credentials in it. */
  public String routes() {
    return String.join("; ", routes);
  }

  /** OpenTelemetry over the SDK's providers; the same every time. */
  public SdkOpenTelemetry openTelemetry() {
    return openTelemetry;
  }

  /** Exports what was recorded until now, with all exporters at once, and waits for it. */
  public FlushResult flush(Duration timeout) {
    FlushResult end = closed;
    if (end != null) {
      return end;
    }
    long deadline = System.nanoTime() + Durations.nanos(timeout);
    long[] tickets = loops.stream().mapToLong(ExportLoop::request).toArray();
    FlushResult result = FlushResult.NOTHING_LOST;
    for (int i = 0; i < tickets.length; i++) {
      result = result.and(loops.get(i).await(tickets[i], deadline));
    }
    return result;
  }

  /**
   * Exports what was recorded until now, and stops everything. A second call waits for the first
   * and returns the same.
   */
  public FlushResult close(Duration timeout) {
    long deadline = System.nanoTime() + Durations.nanos(timeout);
    // A host that stops may have interrupted this thread before; the last export is wanted still.
    boolean interrupted = Thread.interrupted();
    closing.lock();
    try {
      FlushResult result = closed;
      if (result == null) {
        result = FlushResult.NOTHING_LOST;
        long[] tickets = loops.stream().mapToLong(ExportLoop::requestStop).toArray();
        for (int i = 0; i < tickets.length; i++) {
          result = result.and(loops.get(i).awaitStop(tickets[i], deadline));
        }
        stop();
        loops.forEach(ExportLoop::join);
        recordingTracers.shutdown();
        tracerProvider.shutdown();
        meters.shutdown();
        closed = result;
      }
      return result;
    } finally {
      closing.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Counts and state of each exporter and signal. */
  public List<ExportStats> exporters() {
    return exporters;
  }

  /**
   * Address of a Prometheus listener.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public InetSocketAddress prometheusAddress(String exporterName) {
    PrometheusExport listener = listeners.get(exporterName);
    if (listener == null) {
      throw new IllegalArgumentException(
          "exporter name: invalid value \""
              + exporterName
              + "\"; expected one of "
              + listeners.keySet());
    }
    return listener.address();
  }

  @Override
  public String toString() {
    return loops.size() + " exports, " + listeners.size() + " listeners";
  }

  private void registerExportMetrics(String prefix) {
    ExportMetrics.register(
        OwnScope.meter(openTelemetry, "io.github.proxytelemetry.export"), prefix, exporters);
  }

  private static Resource resource(SdkSpec spec) {
    AttributesBuilder described = Attributes.builder();
    described.put("process.pid", ProcessHandle.current().pid());
    DetectedResource.detect(spec.variables, Path.of("/proc")).forEach(described::put);
    // What was given goes before what was found.
    spec.resource.forEach(described::put);
    return Resource.getDefault().merge(Resource.create(described.build()));
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
          "exporter name: invalid value \"" + name + "\" twice; expected names that differ");
    }
    return name;
  }

  private void addOtlp(
      OtlpSpec otlp,
      String name,
      SdkSpec spec,
      SdkMeterProviderBuilder metrics,
      SdkTracerProviderBuilder spans) {
    Endpoint endpoint = Endpoint.parse(otlp, spec.variables);
    repeated.add(name, otlp, endpoint);
    OtlpExporters otlpExporters = new OtlpExporters(otlp, endpoint);
    String signals = otlp.traces ? otlp.metrics ? "traces and metrics" : "traces" : "metrics";
    routes.add(
        signals
            + " to "
            + endpoint.address()
            + " over "
            + (otlp.http ? "HTTP" : "gRPC")
            + (endpoint.isTls() ? " with TLS" : " in plaintext"));
    ExecutorService executor = NamedThreads.bounded("proxy-telemetry-" + name, SENDERS);
    executors.add(executor);
    ExportGuard guard =
        new ExportGuard(executor, Durations.nanos(otlp.timeout), endpoint.address());
    if (otlp.metrics) {
      Duration interval = Objects.requireNonNullElse(otlp.interval, spec.metricInterval);
      MetricExport loop =
          new MetricExport(name, otlpExporters.metrics(), guard, Durations.nanos(interval), otlp);
      add(loop);
      metrics.registerMetricReader(LiveReader.share(live, loop.addSource()));
      hostMetrics.add(otlp.jvmMetrics, otlp.processMetrics, loop::addSource);
    }
    if (otlp.traces) {
      SpanExport loop = new SpanExport(name, otlpExporters.spans(), guard);
      add(loop);
      spans.addSpanProcessor(loop);
    }
  }

  private void add(ExportLoop loop) {
    loops.add(loop);
    exporters.add(loop.stats());
  }

  private void addListener(PrometheusSpec spec, String name, SdkMeterProviderBuilder metrics) {
    PrometheusExport listener = PrometheusExport.start(name, spec, PrometheusExport.SCRAPE_NANOS);
    listeners.put(name, listener);
    exporters.add(listener.stats());
    routes.add("metrics at " + listener.url());
    metrics.registerMetricReader(LiveReader.share(live, listener.addSource()));
    hostMetrics.add(spec.jvmMetrics, spec.processMetrics, listener::addSource);
  }

  private void stop() {
    hostMetrics.close();
    listeners.values().forEach(PrometheusExport::close);
    executors.forEach(ExecutorService::shutdownNow);
  }
}
