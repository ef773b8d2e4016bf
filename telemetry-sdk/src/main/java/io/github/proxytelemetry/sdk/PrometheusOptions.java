package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import java.util.Objects;

/** Options of a Prometheus listener. Not thread-safe. */
public final class PrometheusOptions {
  final PrometheusSpec spec;

  PrometheusOptions(String host, int port) {
    this.spec = new PrometheusSpec(host, port);
  }

  /**
   * Name of the exporter. The default is {@code prometheus}, and {@code prometheus-2} for the
   * second.
   *
   * @param name a name that no other exporter has
   * @return this
   */
  public PrometheusOptions name(String name) {
    spec.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Requires a password of scrapers (HTTP basic authentication, RFC 7617). It crosses the network
   * in the clear, so it is no reason to listen on more than loopback.
   *
   * @param user a name without a colon
   * @param password not empty; never shown
   * @return this
   * @throws IllegalArgumentException if either is not allowed; the message does not show the
   *     password
   */
  public PrometheusOptions basicAuth(String user, String password) {
    spec.basicAuth(user, password);
    return this;
  }

  /**
   * Adds metrics of the Java runtime: memory, collections, threads, classes ({@code jvm.*} of
   * OpenTelemetry's semantic conventions). The default is {@code false}. It needs {@code
   * io.opentelemetry.instrumentation:opentelemetry-runtime-telemetry}, which is an optional
   * dependency.
   *
   * @param on whether to add them
   * @return this
   */
  public PrometheusOptions jvmMetrics(boolean on) {
    spec.jvmMetrics = on;
    return this;
  }

  /**
   * Adds metrics of the process: processor time, memory, open files, uptime ({@code process.*} of
   * OpenTelemetry's semantic conventions). The default is {@code false}.
   *
   * @param on whether to add them
   * @return this
   */
  public PrometheusOptions processMetrics(boolean on) {
    spec.processMetrics = on;
    return this;
  }

  /** The address, without the password. */
  @Override
  public String toString() {
    return "prometheus on " + spec.host + " port " + spec.port;
  }
}
