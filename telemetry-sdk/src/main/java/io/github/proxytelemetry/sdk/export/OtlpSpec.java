package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.tls.TlsSource;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/** Specification of one OTLP exporter. */
public final class OtlpSpec {
  public final String endpoint;

  /** Option or key that gave the endpoint, for messages. */
  public String origin = "otlp endpoint";

  /** Whether the endpoint is a whole URL, to which no path is appended. */
  public boolean exact;

  /** {@code null} for {@code otlp}, {@code otlp-2} and so on. */
  public @Nullable String name;

  public final Map<String, String> headers = new LinkedHashMap<>();
  public @Nullable Supplier<String> bearerToken;

  /** {@code null} for the interval of {@link SdkSpec}. */
  public @Nullable Duration interval;

  /** {@code null} where no TLS option is set. */
  public @Nullable TlsSource tls;

  /** Enforced by {@link ExportGuard}; {@link OtlpSender} only frees the socket afterwards. */
  public Duration timeout = Duration.ofSeconds(10);

  /**
   * What gRPC servers take unless they are told otherwise, before compression. The specification
   * allows 64 MiB.
   */
  public int maxRequestBytes = 4 * 1024 * 1024;

  /** Whether metrics are sums since the start, or differences since the last export. */
  public AggregationTemporalitySelector temporality =
      AggregationTemporalitySelector.alwaysCumulative();

  public boolean exponentialHistograms;
  public boolean http;

  /** Whether {@link OtlpSender} compresses requests. */
  public boolean gzip;

  public boolean metrics = true;
  public boolean traces = true;
  public boolean jvmMetrics;
  public boolean processMetrics;

  /** Name resolution, replaced by tests. */
  public Dns dns = Dns.SYSTEM;

  public OtlpSpec(String endpoint) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
  }

  /**
   * Adds a header, in place of an earlier one of that name.
   *
   * @throws IllegalArgumentException if either is malformed; the message does not show the value
   */
  public void header(String headerName, String value) {
    HeaderSyntax.checkName(headerName);
    HeaderSyntax.checkValue(headerName, value);
    // RFC 9110, section 5.1: names do not differ by case.
    headers.keySet().removeIf(headerName::equalsIgnoreCase);
    headers.put(headerName, value);
  }

  /** The TLS options, or their defaults. */
  public TlsSource tlsOrDefault() {
    return tls == null ? TlsSource.DEFAULT : tls;
  }

  /** Headers of the next request, with a fresh token. */
  Map<String, String> currentHeaders() {
    if (bearerToken == null) {
      return headers;
    }
    String value = "Bearer " + bearerToken.get();
    HeaderSyntax.checkValue("Authorization", value);
    Map<String, String> current = new LinkedHashMap<>(headers);
    current.put("Authorization", value);
    return current;
  }
}
