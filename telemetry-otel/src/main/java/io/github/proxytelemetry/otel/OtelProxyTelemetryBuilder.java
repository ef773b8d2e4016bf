package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.otel.sdk.OtlpOptions;
import io.github.proxytelemetry.otel.sdk.PrometheusOptions;
import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import io.github.proxytelemetry.otel.sdk.TelemetrySdkBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sets up an {@link OtelProxyTelemetry} with exporters of its own.
 *
 * <p>Any number of OTLP and Prometheus exporters may be added. Without an OTLP exporter that takes
 * traces nothing is traced, and trace headers go by untouched. Not thread-safe.
 */
public final class OtelProxyTelemetryBuilder {
  /** About one percent: enough to see what is slow, and little enough to forget about the cost. */
  private static final double DEFAULT_RATIO = 0.01;

  private final TelemetrySdkBuilder sdk;
  private Sampling sampling = Sampling.ratio(DEFAULT_RATIO);
  private MetricNaming naming = MetricNaming.PRIVACY_PROXY;
  private Layers layers = Layers.none();
  private @Nullable ServerTiming serverTiming = ServerTiming.named("proxy");

  OtelProxyTelemetryBuilder(String serviceName) {
    this.sdk = TelemetrySdk.builder(serviceName);
  }

  /**
   * The proxy's version ({@code service.version}).
   *
   * @param version any text
   * @return this
   */
  public OtelProxyTelemetryBuilder serviceVersion(String version) {
    sdk.serviceVersion(version);
    return this;
  }

  /**
   * Where the proxy runs ({@code deployment.environment.name}).
   *
   * @param environment a name, such as {@code production}
   * @return this
   */
  public OtelProxyTelemetryBuilder environment(String environment) {
    sdk.environment(environment);
    return this;
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
   * How often metrics are sent over OTLP, where an exporter's options say nothing else. The default
   * is 30 seconds.
   *
   * @param interval the time between two exports, above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtelProxyTelemetryBuilder metricInterval(Duration interval) {
    sdk.metricInterval(interval);
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
    Metrics.checkNames(naming);
    LayerNames.check(naming, layers);
    TelemetrySdk running = sdk.build();
    running.reportExports(SelfMetrics.prefix(naming));
    Tracing tracing =
        running.hasTraces()
            ? Tracing.own(running.openTelemetry(), sampling, TelemetrySdk::recorded)
            : Tracing.off();
    return new OtelProxyTelemetry(
        running.openTelemetry(), running, tracing, naming, layers, serverTiming, System::nanoTime);
  }
}
