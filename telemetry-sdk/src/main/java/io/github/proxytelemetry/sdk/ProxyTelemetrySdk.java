package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.BufferSizes;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.sdk.config.ConfigReader;
import io.github.proxytelemetry.sdk.export.Javaagent;
import io.github.proxytelemetry.sdk.export.Libraries;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import io.github.proxytelemetry.sdk.export.TelemetrySdk;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry that sets up an OpenTelemetry SDK and owns it: exporters, configuration, health.
 *
 * <p>Thread-safe. Recording never blocks, and only {@link #flush} and {@link #close(Duration)} wait
 * for an exporter. After it is closed it may still be called, and exports nothing. It sets no
 * global OpenTelemetry.
 */
public final class ProxyTelemetrySdk implements ProxyTelemetry, AutoCloseable {
  private static final System.Logger LOGGER =
      System.getLogger(ProxyTelemetrySdk.class.getPackageName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final OtelProxyTelemetry recorder;
  private final TelemetrySdk sdk;

  /**
   * Creates a builder.
   *
   * @param serviceName the proxy's name in all signals ({@code service.name})
   * @return a builder
   * @throws IllegalArgumentException if the name is blank
   */
  public static ProxyTelemetrySdkBuilder builder(String serviceName) {
    if (Objects.requireNonNull(serviceName, "serviceName").isBlank()) {
      throw new IllegalArgumentException(
          "service name: invalid value \"" + serviceName + "\"; expected a name that is not blank");
    }
    return new ProxyTelemetrySdkBuilder().resourceAttribute("service.name", serviceName);
  }

  /**
   * Creates a builder with a configuration. Its values are read immediately; later builder calls
   * override them and add exporters. Where there is no exporter in the end, or {@code
   * OTEL_SDK_DISABLED} is {@code true}, the telemetry is off.
   *
   * @param configuration the configuration
   * @return a builder
   * @throws IllegalArgumentException if a key is unknown or a value invalid; the message names the
   *     key, what was given, unless it may be a secret, and what is expected
   */
  public static ProxyTelemetrySdkBuilder builder(Configuration configuration) {
    ProxyTelemetrySdkBuilder builder = new ProxyTelemetrySdkBuilder();
    builder.recording(
        ConfigReader.read(
            Objects.requireNonNull(configuration, "configuration").merge(), builder.spec));
    return builder;
  }

  /**
   * Creates a builder with system properties and environment variables.
   *
   * @return a builder
   * @throws IllegalArgumentException as in {@link #builder(Configuration)}
   */
  public static ProxyTelemetrySdkBuilder fromEnvironment() {
    return builder(Configuration.ofEnvironment());
  }

  /**
   * Creates a builder with a map, system properties and environment variables.
   *
   * @param configuration as in {@link Configuration#of(Map)}
   * @return a builder
   * @throws IllegalArgumentException as in {@link #builder(Configuration)}
   */
  public static ProxyTelemetrySdkBuilder fromMap(Map<String, ?> configuration) {
    return builder(Configuration.of(configuration));
  }

  static ProxyTelemetrySdk start(SdkSpec spec, Consumer<OtelProxyTelemetryBuilder> recording) {
    if (!spec.hasExporters()) {
      LOGGER.log(
          System.Logger.Level.INFO,
          spec.disabled
              ? "Telemetry is off: OTEL_SDK_DISABLED is true."
              : "Telemetry is off: no exporter is configured. Add one with otlp(...) or"
                  + " prometheus(...).");
    }
    try {
      return startLinked(spec, recording);
    } catch (LinkageError e) {
      // A host catches exceptions; an error could end it.
      throw new IllegalStateException(Libraries.message(e), e);
    }
  }

  private static ProxyTelemetrySdk startLinked(
      SdkSpec spec, Consumer<OtelProxyTelemetryBuilder> recording) {
    TelemetrySdk sdk = TelemetrySdk.start(spec);
    boolean started = false;
    try {
      OtelProxyTelemetryBuilder recorder = OtelProxyTelemetry.builder(sdk.openTelemetry());
      recording.accept(recorder);
      ProxyTelemetrySdk telemetry = new ProxyTelemetrySdk(recorder.build(), sdk);
      started = true;
      if (spec.hasExporters()) {
        LOGGER.log(
            System.Logger.Level.INFO,
            "Telemetry of \"{0}\": {1}; sampling of new traces: {2}.",
            spec.resource.get("service.name"),
            sdk.routes(),
            spec.sampling);
        Javaagent.warnings(spec)
            .forEach(warning -> LOGGER.log(System.Logger.Level.WARNING, warning));
      }
      return telemetry;
    } finally {
      // An invalid option leaves no thread and no listener behind.
      if (!started) {
        sdk.close(Duration.ZERO);
      }
    }
  }

  private ProxyTelemetrySdk(OtelProxyTelemetry recorder, TelemetrySdk sdk) {
    this.recorder = recorder;
    this.sdk = sdk;
  }

  /**
   * Whether anything is recorded.
   *
   * @return {@code false} without an exporter, or where a configuration switches the SDK off
   */
  @Override
  public boolean isEnabled() {
    return recorder.isEnabled();
  }

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    return recorder.startDownstreamConnection(local, peer);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return recorder.startExchange(request);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return recorder.startExchange(request, receivedNanos);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return recorder.startAttempt(upstream);
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return recorder.startUpstreamConnection(upstream);
  }

  @Override
  public void swallowed(Throwable thrown) {
    recorder.swallowed(thrown);
  }

  @Override
  public boolean isGuarded() {
    return recorder.isGuarded();
  }

  /**
   * As {@link OtelProxyTelemetry#inProgress}.
   *
   * @param work the kind of work
   * @return the scope that ends it
   */
  public Scope inProgress(String work) {
    return recorder.inProgress(work);
  }

  /**
   * As {@link OtelProxyTelemetry#bufferSizes}.
   *
   * @return the recorder of buffer sizes
   */
  public BufferSizes bufferSizes() {
    return recorder.bufferSizes();
  }

  /**
   * As {@link OtelProxyTelemetry#gauge(String, String, LongSupplier)}.
   *
   * @param name the metric's whole name
   * @param unit the unit in UCUM notation
   * @param value the value
   */
  public void gauge(String name, String unit, LongSupplier value) {
    recorder.gauge(name, unit, value);
  }

  /**
   * As {@link OtelProxyTelemetry#gauge(String, String, Map, LongSupplier)}.
   *
   * @param name the metric's whole name
   * @param unit the unit in UCUM notation
   * @param labels keys and values of this series
   * @param value the value
   */
  public void gauge(String name, String unit, Map<String, String> labels, LongSupplier value) {
    recorder.gauge(name, unit, labels, value);
  }

  /**
   * The SDK, for spans and metrics of the host's own. Do not close it.
   *
   * <p>A metric that Prometheus would take for one of ours is not scraped, which is logged once;
   * over OTLP it is sent beside ours, under the name of its scope.
   *
   * @return always the same instance
   */
  public OpenTelemetry openTelemetry() {
    return sdk.openTelemetry();
  }

  /**
   * Exports what was recorded until now, to all destinations at once, and waits for it.
   *
   * @param timeout how long to wait at most
   * @return the result
   */
  public Delivery flush(Duration timeout) {
    return Delivery.of(sdk.flush(Objects.requireNonNull(timeout, "timeout")));
  }

  /**
   * Exports what was recorded until now, and stops everything. A second call waits for the first
   * and returns the same.
   *
   * @param timeout how long to wait at most
   * @return the result
   */
  public Delivery close(Duration timeout) {
    return Delivery.of(sdk.close(Objects.requireNonNull(timeout, "timeout")));
  }

  /** {@linkplain #close(Duration) Closes} within 10 seconds. */
  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }

  /**
   * State of the exporters, and counts of faults in the telemetry itself, for example for a status
   * page. Traffic does not depend on it.
   *
   * @return a snapshot
   */
  public Health health() {
    return new Health(
        sdk.exporters().stream().map(stats -> stats.read(ExporterHealth::new)).toList(),
        recorder.faults());
  }

  /**
   * Address of a Prometheus listener, for one whose port the system chose.
   *
   * @param exporterName the exporter's name, {@code prometheus} for the first
   * @return its address
   * @throws IllegalArgumentException if there is no Prometheus exporter of that name
   */
  public InetSocketAddress prometheusAddress(String exporterName) {
    return sdk.prometheusAddress(Objects.requireNonNull(exporterName, "exporterName"));
  }

  @Override
  public String toString() {
    return "ProxyTelemetrySdk(" + (isEnabled() ? sdk.toString() : "off") + ")";
  }
}
