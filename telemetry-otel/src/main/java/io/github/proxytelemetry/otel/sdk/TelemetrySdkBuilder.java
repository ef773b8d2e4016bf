package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Configures a {@link TelemetrySdk}. Not thread-safe. */
public final class TelemetrySdkBuilder {
  final List<OtlpOptions> otlp = new ArrayList<>();
  final List<PrometheusOptions> prometheus = new ArrayList<>();
  final UnaryOperator<@Nullable String> variables;

  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);

  /** Of the resource. */
  final Map<String, String> attributes = new LinkedHashMap<>();

  // What no call has set is left to a configuration, and then to the default.
  @Nullable TextMapPropagator propagators;
  @Nullable TraceIdGenerator traceIds;
  @Nullable Duration metricInterval;

  TelemetrySdkBuilder(@Nullable String serviceName, UnaryOperator<@Nullable String> variables) {
    if (serviceName != null && serviceName.isBlank()) {
      throw new IllegalArgumentException(
          "service name: was \"" + serviceName + "\", allowed is any name that is not blank");
    }
    if (serviceName != null) {
      attributes.put("service.name", serviceName);
    }
    this.variables = variables;
  }

  /**
   * The version of what is observed ({@code service.version}).
   *
   * @param version any text
   * @return this
   */
  public TelemetrySdkBuilder serviceVersion(String version) {
    return resourceAttribute("service.version", version);
  }

  /**
   * Where it runs ({@code deployment.environment.name}).
   *
   * @param environment a name
   * @return this
   */
  public TelemetrySdkBuilder environment(String environment) {
    return resourceAttribute("deployment.environment.name", environment);
  }

  /**
   * Describes what is observed, in all signals.
   *
   * @param key an attribute's name
   * @param value its value
   * @return this
   */
  public TelemetrySdkBuilder resourceAttribute(String key, String value) {
    Objects.requireNonNull(key, "key");
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "resource attribute: was \"" + key + "\", allowed is any name that is not blank");
    }
    attributes.put(key, Objects.requireNonNull(value, "value"));
    return this;
  }

  /**
   * In which headers trace contexts are carried.
   *
   * @param names any of {@code tracecontext}, which is the default, {@code baggage}, {@code b3},
   *     {@code b3multi}, {@code jaeger}, {@code xray}, {@code ottrace}, or {@code none} alone
   * @return this
   * @throws IllegalArgumentException if a name is another
   */
  public TelemetrySdkBuilder propagators(String... names) {
    this.propagators = Propagators.of("propagators", List.of(names));
    return this;
  }

  /**
   * How trace ids are made. The default is {@link TraceIdGenerator#RANDOM}.
   *
   * @param generator how
   * @return this
   */
  public TelemetrySdkBuilder traceIdGenerator(TraceIdGenerator generator) {
    this.traceIds = Objects.requireNonNull(generator, "generator");
    return this;
  }

  /**
   * Takes from a configuration what no call has set, and adds its exporters. To be called last, and
   * once.
   *
   * @param settings the configuration
   * @return this
   * @throws IllegalArgumentException if something in it is wrong; the message names the key, what
   *     was given, unless it may be a secret, and what is allowed
   */
  public TelemetrySdkBuilder configuration(Settings settings) {
    Configured.apply(Objects.requireNonNull(settings, "settings"), this);
    return this;
  }

  /**
   * Whether there is anything to export to.
   *
   * @return whether an exporter was added
   */
  public boolean hasExporters() {
    return !otlp.isEmpty() || !prometheus.isEmpty();
  }

  /**
   * Adds an OTLP exporter.
   *
   * @param endpoint {@code host:port}, a URL, or empty for what the environment says
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public TelemetrySdkBuilder otlp(String endpoint, Consumer<OtlpOptions> options) {
    OtlpOptions exporter = new OtlpOptions(endpoint);
    Objects.requireNonNull(options, "options").accept(exporter);
    otlp.add(exporter);
    return this;
  }

  /**
   * Adds a Prometheus listener.
   *
   * @param host the address to listen on
   * @param port the port, 0 for one that the system chooses
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public TelemetrySdkBuilder prometheus(
      String host, int port, Consumer<PrometheusOptions> options) {
    PrometheusOptions exporter = new PrometheusOptions(host, port);
    Objects.requireNonNull(options, "options").accept(exporter);
    prometheus.add(exporter);
    return this;
  }

  /**
   * How often metrics are sent over OTLP, where an exporter's options say nothing else. The default
   * is 30 seconds.
   *
   * @param interval above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public TelemetrySdkBuilder metricInterval(Duration interval) {
    this.metricInterval = Durations.positive("metric interval", interval);
    return this;
  }

  /**
   * Starts everything, or nothing where something is wrong.
   *
   * @return the running SDK
   * @throws IllegalArgumentException if the configuration is wrong; the message says what is
   *     allowed
   * @throws IllegalStateException if a listener cannot be opened
   */
  public TelemetrySdk build() {
    nameExporters();
    return TelemetrySdk.start(this);
  }

  Resource resource() {
    AttributesBuilder described = Attributes.builder();
    attributes.forEach(described::put);
    return Resource.getDefault().merge(Resource.create(described.build()));
  }

  TextMapPropagator propagators() {
    return propagators == null ? W3CTraceContextPropagator.getInstance() : propagators;
  }

  Duration metricInterval() {
    return metricInterval == null ? DEFAULT_INTERVAL : metricInterval;
  }

  private void nameExporters() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < otlp.size(); i++) {
      OtlpOptions exporter = otlp.get(i);
      exporter.name = unique(names, nameOf(exporter.name, "otlp", i));
    }
    for (int i = 0; i < prometheus.size(); i++) {
      PrometheusOptions exporter = prometheus.get(i);
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
}
