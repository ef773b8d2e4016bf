package io.github.proxytelemetry.sdk;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/** How telemetry is sent over OTLP. Not thread-safe. */
public final class OtlpOptions {
  final String endpoint;
  final Map<String, String> headers = new LinkedHashMap<>();

  /** Where the endpoint came from, for messages. */
  String origin = "otlp endpoint";

  /** Whether the endpoint is used as it is, also without a path. */
  boolean exact;

  @Nullable String name;
  @Nullable Supplier<String> bearerToken;
  @Nullable Duration interval;
  @Nullable TlsOptions tls;
  Duration timeout = Duration.ofSeconds(10);
  Dns dns = Dns.SYSTEM;
  boolean http;
  boolean gzip;
  boolean metrics = true;
  boolean traces = true;
  boolean jvmMetrics;
  boolean processMetrics;

  OtlpOptions(String endpoint) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
  }

  /**
   * What the exporter is called. The default is {@code otlp}, and {@code otlp-2} for the second.
   *
   * @param name a name that no other exporter has
   * @return this
   */
  public OtlpOptions name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sends over gRPC, which is the default.
   *
   * @return this
   */
  public OtlpOptions grpc() {
    this.http = false;
    return this;
  }

  /**
   * Sends protobuf over HTTP. Where the endpoint has no path, {@code /v1/traces} and {@code
   * /v1/metrics} are appended, as the OTLP specification says; one that has a path is used as it
   * is, and then takes one signal only.
   *
   * @return this
   */
  public OtlpOptions http() {
    this.http = true;
    return this;
  }

  /**
   * Sends a header with every request, in place of an earlier one of that name.
   *
   * @param name the header's name, a token of RFC 9110
   * @param value the header's value: visible ASCII, spaces and tabs
   * @return this
   * @throws IllegalArgumentException if either is malformed; the message does not show the value
   */
  public OtlpOptions header(String name, String value) {
    HeaderSyntax.checkName(name);
    HeaderSyntax.checkValue(name, value);
    headers.put(name, value);
    return this;
  }

  /**
   * Sends {@code Authorization: Bearer} with every request.
   *
   * @param token gives the token, for every request anew so that it may be refreshed; called on a
   *     background thread, within the time-out of the export. Where it throws or is too slow that
   *     attempt fails, and traces are sent later
   * @return this
   */
  public OtlpOptions bearerToken(Supplier<String> token) {
    this.bearerToken = Objects.requireNonNull(token, "token");
    return this;
  }

  /**
   * Sets whom to trust and which certificate to present. Without it an {@code https} endpoint is
   * verified against the roots of the Java runtime.
   *
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtlpOptions tls(Consumer<TlsOptions> options) {
    Objects.requireNonNull(options, "options");
    if (tls == null) {
      tls = new TlsOptions();
    }
    options.accept(tls);
    return this;
  }

  /**
   * Compresses what is sent.
   *
   * @return this
   */
  public OtlpOptions gzip() {
    this.gzip = true;
    return this;
  }

  /**
   * How long one export may take in all, retries and reading the answer included. The default is 10
   * seconds.
   *
   * @param timeout above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtlpOptions timeout(Duration timeout) {
    this.timeout = Durations.positive("otlp timeout", timeout);
    return this;
  }

  /**
   * How often metrics are sent. The default is the builder's.
   *
   * @param interval above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtlpOptions interval(Duration interval) {
    this.interval = Durations.positive("otlp interval", interval);
    return this;
  }

  /**
   * Sends no metrics.
   *
   * @return this
   */
  public OtlpOptions withoutMetrics() {
    this.metrics = false;
    return this;
  }

  /**
   * Sends no traces.
   *
   * @return this
   */
  public OtlpOptions withoutTraces() {
    this.traces = false;
    return this;
  }

  /**
   * Whether this exporter gets metrics of the Java runtime, as {@link PrometheusOptions#jvmMetrics}
   * says. The default is no.
   *
   * @param on whether it does
   * @return this
   */
  public OtlpOptions jvmMetrics(boolean on) {
    this.jvmMetrics = on;
    return this;
  }

  /**
   * Whether this exporter gets metrics of the process, as {@link PrometheusOptions#processMetrics}
   * says. The default is no.
   *
   * @param on whether it does
   * @return this
   */
  public OtlpOptions processMetrics(boolean on) {
    this.processMetrics = on;
    return this;
  }
}
