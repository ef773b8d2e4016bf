package io.github.proxytelemetry.sdk;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How Prometheus collects metrics. Not thread-safe. */
public final class PrometheusOptions {
  final String host;
  final int port;
  @Nullable String name;

  /** Where the address came from, for messages. */
  String origin = "prometheus host";

  @Nullable BasicAuth auth;
  boolean jvmMetrics;
  boolean processMetrics;

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

  /**
   * Lets in only who knows a password (HTTP basic authentication, RFC 7617). The password crosses
   * the network in the clear, so it is no reason to listen on more than loopback.
   *
   * @param user a name without a colon
   * @param password not empty; never shown
   * @return this
   * @throws IllegalArgumentException if either is not allowed; the message does not show the
   *     password
   */
  public PrometheusOptions basicAuth(String user, String password) {
    this.auth = new BasicAuth(user, password);
    return this;
  }

  /**
   * Whether this exporter gets metrics of the Java runtime: memory, collections, threads, classes
   * ({@code jvm.*} of OpenTelemetry's semantic conventions). The default is no. It needs {@code
   * io.opentelemetry.instrumentation:opentelemetry-runtime-telemetry}, which is not brought along.
   *
   * @param on whether it does
   * @return this
   */
  public PrometheusOptions jvmMetrics(boolean on) {
    this.jvmMetrics = on;
    return this;
  }

  /**
   * Whether this exporter gets metrics of the process: processor time, memory, open files, uptime
   * ({@code process.*} of OpenTelemetry's semantic conventions). The default is no.
   *
   * @param on whether it does
   * @return this
   */
  public PrometheusOptions processMetrics(boolean on) {
    this.processMetrics = on;
    return this;
  }

  /** Shows where it listens, and no password. */
  @Override
  public String toString() {
    return "prometheus on " + host + " port " + port;
  }
}
