package io.github.proxytelemetry.otel.sdk;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How Prometheus collects metrics. Not thread-safe. */
public final class PrometheusOptions {
  final String host;
  final int port;
  @Nullable String name;

  PrometheusOptions(String host, int port) {
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  /**
   * What the exporter is called. The default is {@code prometheus}, and {@code prometheus-2} for
   * the second.
   *
   * @param name a name that no other exporter has
   * @return this
   */
  public PrometheusOptions name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }
}
