package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.otel.sdk.OtlpOptions;
import io.github.proxytelemetry.otel.sdk.PrometheusOptions;
import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up an {@link OtelProxyTelemetry} with exporters of its own.
 *
 * <p>Any number of OTLP and Prometheus exporters may be added. Without an OTLP exporter that takes
 * traces nothing is traced, and trace headers go by untouched. Not thread-safe.
 */
public final class OtelProxyTelemetryBuilder extends ConfigurableBuilder {
  /** About one percent: enough to see what is slow, and little enough to forget about the cost. */
  private static final double DEFAULT_RATIO = 0.01;

  private @Nullable ServerTiming serverTiming = ServerTiming.named("proxy");

  // What no call has set is left to a configuration, and then to the default.
  @Nullable Sampling sampling;
  @Nullable MetricNaming naming;
  @Nullable Layers layers;
  @Nullable List<String> skipPaths;

  OtelProxyTelemetryBuilder(String serviceName) {
    super(TelemetrySdk.builder(serviceName));
  }

  OtelProxyTelemetryBuilder() {
    super(TelemetrySdk.builder());
  }

  /**
   * Exports metrics and traces over OTLP.
   *
   * @param endpoint {@code host:port} and {@code http://host:port} for plaintext, {@code
   *     https://host:port} for TLS; empty for what the environment variable {@code
   *     OTEL_EXPORTER_OTLP_ENDPOINT} says
   * @return this
   */
  public OtelProxyTelemetryBuilder otlp(String endpoint) {
    return otlp(endpoint, options -> {});
  }

  /**
   * Exports over OTLP, with options.
   *
   * @param endpoint as in {@link #otlp(String)}
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtelProxyTelemetryBuilder otlp(String endpoint, Consumer<OtlpOptions> options) {
    sdk.otlp(endpoint, options);
    return this;
  }

  /**
   * Lets Prometheus collect the metrics, from {@code /metrics}.
   *
   * @param host the address to listen on, as a rule {@code 127.0.0.1}
   * @param port the port, 0 for one that the system chooses
   * @return this
   */
  public OtelProxyTelemetryBuilder prometheus(String host, int port) {
    return prometheus(host, port, options -> {});
  }

  /**
   * Lets Prometheus collect the metrics, with options.
   *
   * @param host as in {@link #prometheus(String, int)}
   * @param port as in {@link #prometheus(String, int)}
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtelProxyTelemetryBuilder prometheus(
      String host, int port, Consumer<PrometheusOptions> options) {
    sdk.prometheus(host, port, options);
    return this;
  }

  /**
   * Which of the traces that begin here are recorded. The default is {@code Sampling.ratio(0.01)}.
   *
   * @param sampling the sampling
   * @return this
   */
  public OtelProxyTelemetryBuilder sampling(Sampling sampling) {
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    return this;
  }

  /**
   * What the metrics are called. The default is {@link MetricNaming#PRIVACY_PROXY}.
   *
   * @param naming the naming
   * @return this
   */
  public OtelProxyTelemetryBuilder naming(MetricNaming naming) {
    this.naming = Objects.requireNonNull(naming, "naming");
    return this;
  }

  /**
   * What is recorded on top of the plain metrics and spans. The default is {@link Layers#none()}.
   *
   * @param layers the layers
   * @return this
   */
  public OtelProxyTelemetryBuilder layers(Layers layers) {
    this.layers = Objects.requireNonNull(layers, "layers");
    return this;
  }

  /**
   * What is added to responses. The default is a member called {@code proxy}.
   *
   * @param serverTiming the member
   * @return this
   */
  public OtelProxyTelemetryBuilder serverTiming(ServerTiming serverTiming) {
    this.serverTiming = Objects.requireNonNull(serverTiming, "serverTiming");
    return this;
  }

  /**
   * Adds no {@code Server-Timing} to responses.
   *
   * @return this
   */
  public OtelProxyTelemetryBuilder withoutServerTiming() {
    this.serverTiming = null;
    return this;
  }

  /**
   * Requests of which nothing is told.
   *
   * @param templates paths, such as {@code /health} or {@code /foo/{bar}}
   * @return this
   */
  public OtelProxyTelemetryBuilder skipPaths(String... templates) {
    this.skipPaths = List.of(templates);
    return this;
  }

  /**
   * Starts it: opens the Prometheus listeners, and one background thread per exporter and signal.
   *
   * @return the running telemetry, which the host closes
   * @throws IllegalArgumentException if the configuration is wrong; the message says what is
   *     allowed
   * @throws IllegalStateException if a listener cannot be opened
   */
  public OtelProxyTelemetry build() {
    if (!configuration.apply(this, sdk)) {
      return OtelProxyTelemetry.off();
    }
    Sampling sampling = Objects.requireNonNullElse(this.sampling, Sampling.ratio(DEFAULT_RATIO));
    MetricNaming naming = Objects.requireNonNullElse(this.naming, MetricNaming.PRIVACY_PROXY);
    Layers layers = Objects.requireNonNullElse(this.layers, Layers.none());
    Metrics.checkNames(naming);
    LayerNames.check(naming, layers);
    TelemetrySdk running = sdk.build();
    running.reportExports(SelfMetrics.prefix(naming));
    Tracing tracing =
        running.hasTraces()
            ? Tracing.own(
                running.openTelemetry(), sampling, TelemetrySdk::recorded, running::newTraceId)
            : Tracing.off();
    return new OtelProxyTelemetry(
        running.openTelemetry(), running, tracing, naming, layers, serverTiming, System::nanoTime);
  }

  @Override
  OtelProxyTelemetryBuilder self() {
    return this;
  }
}
