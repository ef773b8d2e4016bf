package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.sdk.OtlpOptions;
import io.github.proxytelemetry.otel.sdk.PrometheusOptions;
import io.github.proxytelemetry.otel.sdk.TelemetrySdk;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

  final PolicyBuilder policy = new PolicyBuilder();

  // What no call has set is left to a configuration, and then to the default.
  @Nullable Sampling sampling;
  @Nullable MetricNaming naming;
  @Nullable Layers layers;

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
   * What a trace context that comes in is worth. The default is {@link Trust#CONTINUE}, for a
   * listener that only one's own services reach; {@link Trust#RESTART} is for one that anybody
   * reaches, together with {@code Sampling….capped(n)}.
   *
   * @param trust the trust
   * @return this
   */
  public OtelProxyTelemetryBuilder trust(Trust trust) {
    policy.trust = Objects.requireNonNull(trust, "trust");
    return this;
  }

  /**
   * Which upstreams are told of our trace context. The default is all of them: one that is not told
   * begins a trace of its own, and nobody finds it from ours. A proxy that calls third parties, or
   * signed requests that may not be changed, says which to leave out.
   *
   * <p>The headers of a request to any other upstream are left alone, with what the client put into
   * them. A predicate that throws means no, and is counted.
   *
   * @param upstreams says yes to those that are told; called at every attempt, by several threads
   * @return this
   */
  public OtelProxyTelemetryBuilder propagateTo(Predicate<Upstream> upstreams) {
    policy.propagateTo = Objects.requireNonNull(upstreams, "upstreams");
    return this;
  }

  /**
   * How much may be told about a single request. The default is {@link Privacy#STANDARD}. Whatever
   * is chosen here is logged once at the start, and nothing else switches {@link Privacy#STRICT}
   * off.
   *
   * @param privacy the level
   * @return this
   */
  public OtelProxyTelemetryBuilder privacy(Privacy privacy) {
    policy.privacy(privacy);
    return this;
  }

  /**
   * Paths that are not observed, such as health checks: no metric, no span, and trace headers go by
   * untouched. It is decided before anything is read but the path. May be called again for more.
   *
   * @param templates as in {@link PathTemplate#of}, such as {@code /foo/{bar}}
   * @return this
   * @throws IllegalArgumentException if one is no template
   */
  public OtelProxyTelemetryBuilder skipPaths(String... templates) {
    policy.skipPaths(templates);
    return this;
  }

  /**
   * Request headers whose values server spans tell, as {@code http.request.header.<name>}: what the
   * client sent. Every value is cut to 256 characters. May be called again for more.
   *
   * @param names the names, in any case
   * @return this
   * @throws IllegalArgumentException if one is no header's name, or one of {@code Authorization},
   *     {@code Proxy-Authorization}, {@code Cookie} and {@code Set-Cookie}
   */
  public OtelProxyTelemetryBuilder captureRequestHeaders(String... names) {
    policy.requestHeaders.add(names);
    return this;
  }

  /**
   * Response headers whose first values server spans tell, as {@code http.response.header.<name>}:
   * what the client gets. Otherwise as {@link #captureRequestHeaders}.
   *
   * @param names the names, in any case
   * @return this
   * @throws IllegalArgumentException as in {@link #captureRequestHeaders}
   */
  public OtelProxyTelemetryBuilder captureResponseHeaders(String... names) {
    policy.responseHeaders.add(names);
    return this;
  }

  /**
   * Lets server spans tell the address of the client's end of the connection, as {@code
   * client.address}. No header is believed: where another proxy is in front, it is that one's.
   *
   * @return this
   */
  public OtelProxyTelemetryBuilder captureClientAddress() {
    policy.clientAddress = true;
    return this;
  }

  /**
   * Lets server spans tell the query, as {@code url.query}, cut to 256 characters. The values that
   * the HTTP conventions name, such as {@code X-Amz-Signature}, are redacted; no others are.
   *
   * @return this
   */
  public OtelProxyTelemetryBuilder captureQuery() {
    policy.query = true;
    return this;
  }

  /**
   * Lets client spans tell where a user went ({@code server.address} and {@code server.port}), for
   * upstreams without a configured name. Those with one are always told. May be called again for
   * more.
   *
   * @param hostPatterns host names or addresses, in any case; {@code *.example.com} is every host
   *     below that domain, but not the domain itself
   * @return this
   * @throws IllegalArgumentException if one is no such pattern
   */
  public OtelProxyTelemetryBuilder captureDestinations(String... hostPatterns) {
    policy.captureDestinations(hostPatterns);
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
    Policy agreed = policy.build();
    TelemetrySdk running = sdk.build();
    running.reportExports(OwnNames.telemetry(naming));
    SelfMetrics self =
        new SelfMetrics(running.openTelemetry().getMeter(OtelProxyTelemetry.SCOPE), naming);
    Tracing tracing =
        running.hasTraces()
            ? Tracing.own(
                running.openTelemetry(),
                sampling,
                new SdkMarks(running::newTraceId),
                agreed,
                self.hostErrors)
            : Tracing.off(agreed);
    policy.log();
    ServerTiming timing = serverTiming;
    if (timing != null && agreed.isStrict()) {
      timing = timing.coarse();
    }
    return new OtelProxyTelemetry(
        running.openTelemetry(),
        running,
        tracing,
        naming,
        layers,
        timing,
        System::nanoTime,
        true,
        self);
  }

  @Override
  OtelProxyTelemetryBuilder self() {
    return this;
  }
}
