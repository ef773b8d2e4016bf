package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.sdk.export.Durations;
import io.github.proxytelemetry.sdk.export.Propagators;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Builder of a {@link ProxyTelemetrySdk}: exporters, sampling, resource, propagation.
 *
 * <p>Any number of OTLP and Prometheus exporters may be added. Without any, and without a {@link
 * #liveView}, the telemetry is off; without a live view or an OTLP exporter that takes traces
 * nothing is traced, and trace headers pass through untouched. A later call of the same method
 * replaces the earlier one, except where it adds. Not thread-safe.
 */
public final class ProxyTelemetrySdkBuilder {
  final SdkSpec spec = new SdkSpec();
  Consumer<OtelProxyTelemetryBuilder> recording = options -> {};

  ProxyTelemetrySdkBuilder() {}

  /**
   * Exports metrics and traces over OTLP.
   *
   * @param endpoint {@code host:port} and {@code http://host:port} for plaintext, {@code
   *     https://host:port} for TLS; empty for the environment variable {@code
   *     OTEL_EXPORTER_OTLP_ENDPOINT}
   * @return this
   */
  public ProxyTelemetrySdkBuilder otlp(String endpoint) {
    return otlp(endpoint, options -> {});
  }

  /**
   * Adds an OTLP exporter with options.
   *
   * @param endpoint as in {@link #otlp(String)}
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public ProxyTelemetrySdkBuilder otlp(String endpoint, Consumer<OtlpOptions> options) {
    OtlpOptions exporter = new OtlpOptions(endpoint);
    Objects.requireNonNull(options, "options").accept(exporter);
    spec.otlp.add(exporter.spec);
    return this;
  }

  /**
   * Serves the metrics to Prometheus, at {@code /metrics}.
   *
   * @param host the address to listen on, usually {@code 127.0.0.1}
   * @param port the port, 0 for one that the system chooses
   * @return this
   */
  public ProxyTelemetrySdkBuilder prometheus(String host, int port) {
    return prometheus(host, port, options -> {});
  }

  /**
   * Adds a Prometheus listener with options.
   *
   * @param host as in {@link #prometheus(String, int)}
   * @param port as in {@link #prometheus(String, int)}
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public ProxyTelemetrySdkBuilder prometheus(
      String host, int port, Consumer<PrometheusOptions> options) {
    PrometheusOptions exporter = new PrometheusOptions(host, port);
    Objects.requireNonNull(options, "options").accept(exporter);
    spec.prometheus.add(exporter.spec);
    return this;
  }

  /**
   * Sampling of the traces that start here. The default is {@code Sampling.ratio(0.01)}.
   *
   * @param sampling the sampling
   * @return this
   */
  public ProxyTelemetrySdkBuilder sampling(Sampling sampling) {
    spec.sampling = Objects.requireNonNull(sampling, "sampling");
    return this;
  }

  /**
   * What is recorded and how it is named: naming, layers, privacy, trust, capture, {@code
   * Server-Timing}. May be called again; later options replace earlier ones.
   *
   * @param options sets what differs from the defaults; called by {@link #build}
   * @return this
   */
  public ProxyTelemetrySdkBuilder recording(Consumer<OtelProxyTelemetryBuilder> options) {
    recording = recording.andThen(Objects.requireNonNull(options, "options"));
    return this;
  }

  /**
   * Version of the proxy ({@code service.version}).
   *
   * @param version any text
   * @return this
   */
  public ProxyTelemetrySdkBuilder serviceVersion(String version) {
    return resourceAttribute("service.version", version);
  }

  /**
   * Deployment environment ({@code deployment.environment.name}).
   *
   * @param environment a name, such as {@code production}
   * @return this
   */
  public ProxyTelemetrySdkBuilder environment(String environment) {
    return resourceAttribute("deployment.environment.name", environment);
  }

  /**
   * Adds a resource attribute, which all signals carry.
   *
   * @param key an attribute's name, such as {@code service.instance.id}
   * @param value its value
   * @return this
   */
  public ProxyTelemetrySdkBuilder resourceAttribute(String key, String value) {
    Objects.requireNonNull(key, "key");
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "resource attribute: invalid value \"" + key + "\"; expected a name that is not blank");
    }
    spec.resource.put(key, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * Interval of metric exports over OTLP, where an exporter has none of its own. The default is 30
   * seconds.
   *
   * @param interval the time between two exports, above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public ProxyTelemetrySdkBuilder metricInterval(Duration interval) {
    spec.metricInterval = Durations.positive("metric interval", interval);
    return this;
  }

  /**
   * Header formats of trace contexts. Baggage, which may describe the client, is carried only where
   * {@code baggage} is one of them.
   *
   * @param names any of {@code tracecontext}, which is the default, {@code baggage}, {@code b3},
   *     {@code b3multi}, {@code jaeger}, {@code xray}, {@code ottrace}, or {@code none} alone
   * @return this
   * @throws IllegalArgumentException if a name is another
   */
  public ProxyTelemetrySdkBuilder propagators(String... names) {
    spec.propagators = Propagators.of("propagators", List.of(names));
    return this;
  }

  /**
   * Generator of trace ids. The default is {@link TraceIdGenerator#RANDOM}.
   *
   * @param generator the generator
   * @return this
   */
  public ProxyTelemetrySdkBuilder traceIdGenerator(TraceIdGenerator generator) {
    spec.xrayIds = Objects.requireNonNull(generator, "generator") == TraceIdGenerator.XRAY;
    return this;
  }

  /**
   * Keeps a live view of the telemetry in the process, which {@code proxy-telemetry-console} shows
   * as a page: the metrics, and the spans that ended last, in at most 2 MiB. With a live view the
   * telemetry is on without any exporter, and records traces.
   *
   * @return this
   */
  public ProxyTelemetrySdkBuilder liveView() {
    spec.live = true;
    return this;
  }

  /**
   * Starts the telemetry: opens the Prometheus listeners, and starts one background thread per
   * exporter and signal.
   *
   * @return the running telemetry, which the host closes
   * @throws IllegalArgumentException if an option is invalid; the message names it, what was given
   *     and what is expected
   * @throws IllegalStateException if a listener cannot be opened, or if the libraries on the class
   *     path do not fit together; the message names those, their versions and what to do
   */
  public ProxyTelemetrySdk build() {
    return ProxyTelemetrySdk.start(spec, recording);
  }
}
