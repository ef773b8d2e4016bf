package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes OpenTelemetry's exporters for one destination. They get no meter provider, as they would
 * take the global one, and no reusable data, as an export that was given up may still be reading
 * its own.
 */
final class OtlpExport {
  private static final String GZIP = "gzip";
  private static final String NO_COMPRESSION = "none";

  private static final Duration SLACK = Duration.ofSeconds(1);

  private final OtlpOptions options;
  private final Endpoint endpoint;
  private final ExecutorService executor;

  OtlpExport(OtlpOptions options, Endpoint endpoint, ExecutorService executor) {
    this.options = options;
    this.endpoint = endpoint;
    this.executor = executor;
  }

  SpanExporter spanExporter() {
    return options.tls == null ? spanExporter(null) : options.tls.spanExporter(this::spanExporter);
  }

  MetricExporter metricExporter() {
    return options.tls == null
        ? metricExporter(null)
        : options.tls.metricExporter(this::metricExporter);
  }

  private SpanExporter spanExporter(@Nullable TlsMaterial tls) {
    if (options.http) {
      OtlpHttpSpanExporterBuilder builder =
          OtlpHttpSpanExporter.builder()
              .setEndpoint(endpoint.http("traces"))
              .setTimeout(timeout())
              .setConnectTimeout(timeout())
              .setCompression(compression())
              .setHeaders(headers())
              .setMeterProvider(MeterProvider.noop())
              .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
              .setExecutorService(executor);
      return (tls == null ? builder : builder.setSslContext(tls.context(), tls.trustManager()))
          .build();
    }
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setTimeout(timeout())
            .setConnectTimeout(timeout())
            .setCompression(compression())
            .setHeaders(headers())
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setExecutorService(executor);
    return (tls == null ? builder : builder.setSslContext(tls.context(), tls.trustManager()))
        .build();
  }

  /** Without retries: the next export carries the same sums, and newer. */
  private MetricExporter metricExporter(@Nullable TlsMaterial tls) {
    if (options.http) {
      OtlpHttpMetricExporterBuilder builder =
          OtlpHttpMetricExporter.builder()
              .setEndpoint(endpoint.http("metrics"))
              .setTimeout(timeout())
              .setConnectTimeout(timeout())
              .setCompression(compression())
              .setHeaders(headers())
              .setRetryPolicy(null)
              .setMeterProvider(MeterProvider.noop())
              .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
              .setExecutorService(executor);
      return (tls == null ? builder : builder.setSslContext(tls.context(), tls.trustManager()))
          .build();
    }
    OtlpGrpcMetricExporterBuilder builder =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setTimeout(timeout())
            .setConnectTimeout(timeout())
            .setCompression(compression())
            .setHeaders(headers())
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setExecutorService(executor);
    return (tls == null ? builder : builder.setSslContext(tls.context(), tls.trustManager()))
        .build();
  }

  /**
   * A little more than the guard's, which so decides first: the exporter takes a response whose
   * body never came for a success. It covers all retries, and frees the connection.
   */
  private Duration timeout() {
    return options.timeout.plus(SLACK);
  }

  private String compression() {
    return options.gzip ? GZIP : NO_COMPRESSION;
  }

  private Supplier<Map<String, String>> headers() {
    Map<String, String> fixed = Map.copyOf(options.headers);
    Supplier<String> token = options.bearerToken;
    if (token == null) {
      return () -> fixed;
    }
    return () -> {
      String value = "Bearer " + token.get();
      HeaderSyntax.checkValue("Authorization", value);
      Map<String, String> headers = new LinkedHashMap<>(fixed);
      headers.put("Authorization", value);
      return headers;
    };
  }
}
