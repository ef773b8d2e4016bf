package io.github.proxytelemetry.otel.sdk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Configures a {@link TelemetrySdk}. Not thread-safe. */
public final class TelemetrySdkBuilder {
  final String serviceName;
  final List<OtlpOptions> otlp = new ArrayList<>();
  final List<PrometheusOptions> prometheus = new ArrayList<>();
  final UnaryOperator<@Nullable String> variables;
  @Nullable String serviceVersion;
  @Nullable String environment;
  Duration metricInterval = Duration.ofSeconds(30);

  TelemetrySdkBuilder(String serviceName, UnaryOperator<@Nullable String> variables) {
    Objects.requireNonNull(serviceName, "serviceName");
    if (serviceName.isBlank()) {
      throw new IllegalArgumentException(
          "service name: was \"" + serviceName + "\", allowed is any name that is not blank");
    }
    this.serviceName = serviceName;
    this.variables = variables;
  }

  /**
   * The version of what is observed ({@code service.version}).
   *
   * @param version any text
   * @return this
   */
  public TelemetrySdkBuilder serviceVersion(String version) {
    this.serviceVersion = Objects.requireNonNull(version, "version");
    return this;
  }

  /**
   * Where it runs ({@code deployment.environment.name}).
   *
   * @param environment a name
   * @return this
   */
  public TelemetrySdkBuilder environment(String environment) {
    this.environment = Objects.requireNonNull(environment, "environment");
    return this;
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
