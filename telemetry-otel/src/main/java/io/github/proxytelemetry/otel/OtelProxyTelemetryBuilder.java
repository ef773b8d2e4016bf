package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.otel.sdk.OtlpOptions;
import io.github.proxytelemetry.otel.sdk.PrometheusOptions;
import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import io.github.proxytelemetry.otel.sdk.TelemetrySdkBuilder;
import io.github.proxytelemetry.otel.sdk.TraceIdGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
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
  private final Configuration configuration = new Configuration();
  private @Nullable ServerTiming serverTiming = ServerTiming.named("proxy");

  // What no call has set is left to a configuration, and then to the default.
  @Nullable Sampling sampling;
  @Nullable MetricNaming naming;
  @Nullable Layers layers;
  @Nullable List<String> skipPaths;

  OtelProxyTelemetryBuilder(String serviceName) {
    this.sdk = TelemetrySdk.builder(serviceName);
  }

  OtelProxyTelemetryBuilder() {
    this.sdk = TelemetrySdk.builder();
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
   * Leaves to a configuration what no call sets: this map first, then the system properties, then
   * the environment. Its exporters are added to those of calls.
   *
   * <p>The map has the keys of {@code docs/configuration.md}: names of environment variables, or
   * the same in the form of properties ({@code otel.service.name}); KrakenD's configuration as a
   * parser of JSON or YAML gives it, the whole document or its block {@code
   * telemetry/opentelemetry}, or as paths ({@code exporters.otlp[0].host}); the tunnel gateway's
   * flags ({@code --tracing-enabled}).
   *
   * <p>Where the configuration asks for no exporter and no call adds one, or {@code
   * OTEL_SDK_DISABLED} is {@code true}, what is built is switched off.
   *
   * @param configuration keys and values, read at once; a second call replaces the first
   * @return this
   */
  public OtelProxyTelemetryBuilder configuration(Map<String, ?> configuration) {
    this.configuration.map(configuration);
    return this;
  }

  /**
   * The same as {@link #configuration(Map)}.
   *
   * @param configuration keys and values, read at once
   * @return this
   */
  public OtelProxyTelemetryBuilder configuration(Properties configuration) {
    this.configuration.map(Configuration.entries(configuration));
    return this;
  }

  /**
   * What the tunnel gateway's variables begin with, instead of {@code PROXY_TRACING_}. They then
   * decide about traces, which are off unless one of them says otherwise, and variables that begin
   * with {@code PROXY_} are not read, so that several telemetries of one process are independent.
   *
   * @param prefix such as {@code CF_TRACING_}
   * @return this
   */
  public OtelProxyTelemetryBuilder tracingPrefix(String prefix) {
    configuration.tracingPrefix(prefix);
    return this;
  }

  /**
   * What imgproxy's variables begin with, instead of {@code PROXY_TELEMETRY_}. It is off unless
   * they name an endpoint, and variables that begin with {@code PROXY_} are not read. With {@code
   * IMGPROXY_OPEN_TELEMETRY_} the defaults are imgproxy's too.
   *
   * @param prefix such as {@code IMGPROXY_OPEN_TELEMETRY_}
   * @return this
   */
  public OtelProxyTelemetryBuilder telemetryPrefix(String prefix) {
    configuration.telemetryPrefix(prefix);
    return this;
  }

  /**
   * In which headers trace contexts are carried. Baggage, which may be about the client, is carried
   * only where {@code baggage} is one of them.
   *
   * @param names any of {@code tracecontext}, which is the default, {@code baggage}, {@code b3},
   *     {@code b3multi}, {@code jaeger}, {@code xray}, {@code ottrace}, or {@code none} alone
   * @return this
   * @throws IllegalArgumentException if a name is another
   */
  public OtelProxyTelemetryBuilder propagators(String... names) {
    sdk.propagators(names);
    return this;
  }

  /**
   * How trace ids are made. The default is {@link TraceIdGenerator#RANDOM}.
   *
   * @param generator how
   * @return this
   */
  public OtelProxyTelemetryBuilder traceIdGenerator(TraceIdGenerator generator) {
    sdk.traceIdGenerator(generator);
    return this;
  }

  /**
   * Describes the proxy, in all signals.
   *
   * @param key an attribute's name, such as {@code service.instance.id}
   * @param value its value
   * @return this
   */
  public OtelProxyTelemetryBuilder resourceAttribute(String key, String value) {
    sdk.resourceAttribute(key, value);
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

  /** For a host whose environment is not that of the process, such as a test. */
  OtelProxyTelemetryBuilder environment(
      Map<String, String> properties, Map<String, String> variables) {
    configuration.environment(properties, variables);
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
}
