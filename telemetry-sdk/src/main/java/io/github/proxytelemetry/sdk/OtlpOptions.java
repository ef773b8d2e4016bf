package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.export.Durations;
import io.github.proxytelemetry.sdk.export.OtlpSpec;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Options of an OTLP exporter. Not thread-safe. */
public final class OtlpOptions {
  private static final int MIN_REQUEST = 1024;
  private static final int MAX_REQUEST = 64 * 1024 * 1024;

  final OtlpSpec spec;

  OtlpOptions(String endpoint) {
    this.spec = new OtlpSpec(endpoint);
  }

  /**
   * Name of the exporter. The default is {@code otlp}, and {@code otlp-2} for the second.
   *
   * @param name a name that no other exporter has
   * @return this
   */
  public OtlpOptions name(String name) {
    spec.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sends over gRPC, which is the default.
   *
   * @return this
   */
  public OtlpOptions grpc() {
    spec.http = false;
    return this;
  }

  /**
   * Sends protobuf over HTTP. Where the endpoint has no path, {@code /v1/traces} and {@code
   * /v1/metrics} are appended, as in the OTLP specification; one that has a path is used as it is,
   * and then takes one signal only.
   *
   * @return this
   */
  public OtlpOptions http() {
    spec.http = true;
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
    spec.header(name, value);
    return this;
  }

  /**
   * Sends {@code Authorization: Bearer} with every request.
   *
   * @param token returns the token; called for every request, so that it may be refreshed, on a
   *     background thread and within the time-out of the export. If it throws or is too slow, that
   *     attempt fails and traces are retried
   * @return this
   */
  public OtlpOptions bearerToken(Supplier<String> token) {
    spec.bearerToken = Objects.requireNonNull(token, "token");
    return this;
  }

  /**
   * Sets the trusted roots and the client certificate. Without it an {@code https} endpoint is
   * verified against the roots of the Java runtime.
   *
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtlpOptions tls(Consumer<TlsOptions> options) {
    TlsOptions tls = new TlsOptions(spec.tlsOrDefault());
    Objects.requireNonNull(options, "options").accept(tls);
    spec.tls = tls.source;
    return this;
  }

  /**
   * Compresses requests.
   *
   * @return this
   */
  public OtlpOptions gzip() {
    spec.gzip = true;
    return this;
  }

  /**
   * Time-out of one export, with reading the response. The default is 10 seconds.
   *
   * @param timeout above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtlpOptions timeout(Duration timeout) {
    spec.timeout = Durations.positive("otlp timeout", timeout);
    return this;
  }

  /**
   * Size of one request before compression; what is larger is sent in several. The default is 4
   * MiB, the limit of gRPC servers that are not told another.
   *
   * @param bytes from 1 KiB to 64 MiB, the limit of OTLP
   * @return this
   * @throws IllegalArgumentException if it is another
   */
  public OtlpOptions maxRequestSize(int bytes) {
    if (bytes < MIN_REQUEST || bytes > MAX_REQUEST) {
      throw new IllegalArgumentException(
          "otlp max request size: invalid value "
              + bytes
              + "; expected bytes from "
              + MIN_REQUEST
              + " to "
              + MAX_REQUEST);
    }
    spec.maxRequestBytes = bytes;
    return this;
  }

  /**
   * Interval of metric exports. The default is the builder's.
   *
   * @param interval above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtlpOptions interval(Duration interval) {
    spec.interval = Durations.positive("otlp interval", interval);
    return this;
  }

  /**
   * Sets how metrics are sent: as sums or as differences, with which kind of histogram.
   *
   * @param options sets what differs from the defaults; called at once
   * @return this
   */
  public OtlpOptions metrics(Consumer<OtlpMetricOptions> options) {
    Objects.requireNonNull(options, "options").accept(new OtlpMetricOptions(spec));
    return this;
  }

  /**
   * Sends no metrics.
   *
   * @return this
   */
  public OtlpOptions withoutMetrics() {
    spec.metrics = false;
    return this;
  }

  /**
   * Sends no traces.
   *
   * @return this
   */
  public OtlpOptions withoutTraces() {
    spec.traces = false;
    return this;
  }

  /**
   * Adds metrics of the Java runtime, as {@link PrometheusOptions#jvmMetrics}. The default is
   * {@code false}.
   *
   * @param on whether to add them
   * @return this
   */
  public OtlpOptions jvmMetrics(boolean on) {
    spec.jvmMetrics = on;
    return this;
  }

  /**
   * Adds metrics of the process, as {@link PrometheusOptions#processMetrics}. The default is {@code
   * false}.
   *
   * @param on whether to add them
   * @return this
   */
  public OtlpOptions processMetrics(boolean on) {
    spec.processMetrics = on;
    return this;
  }
}
