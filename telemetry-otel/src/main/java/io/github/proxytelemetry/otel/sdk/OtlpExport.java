package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Makes OpenTelemetry's exporters for one destination. They get no meter provider, as they would
 * take the global one, and no reusable data, as an export that was given up may still be reading
 * its own.
 */
final class OtlpExport {
  private static final String GZIP = "gzip";
  private static final String NO_COMPRESSION = "none";

  private final OtlpOptions options;
  private final Endpoint endpoint;
  private final ExecutorService executor;

  OtlpExport(OtlpOptions options, Endpoint endpoint, ExecutorService executor) {
    this.options = options;
    this.endpoint = endpoint;
    this.executor = executor;
  }

  SpanExporter spanExporter() {
    if (options.http) {
      return OtlpHttpSpanExporter.builder()
          .setEndpoint(endpoint.http("traces"))
          .setTimeout(options.timeout)
          .setConnectTimeout(options.timeout)
          .setCompression(compression())
          .setHeaders(headers())
          .setMeterProvider(MeterProvider.noop())
          .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
          .setExecutorService(executor)
          .build();
    }
    return OtlpGrpcSpanExporter.builder()
        .setEndpoint(endpoint.grpc())
        .setTimeout(options.timeout)
        .setConnectTimeout(options.timeout)
        .setCompression(compression())
        .setHeaders(headers())
        .setMeterProvider(MeterProvider.noop())
        .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
        .setExecutorService(executor)
        .build();
  }

  /** Without retries: the next export carries the same sums, and newer. */
  MetricExporter metricExporter() {
    if (options.http) {
      return OtlpHttpMetricExporter.builder()
          .setEndpoint(endpoint.http("metrics"))
          .setTimeout(options.timeout)
          .setConnectTimeout(options.timeout)
          .setCompression(compression())
          .setHeaders(headers())
          .setRetryPolicy(null)
          .setMeterProvider(MeterProvider.noop())
          .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
          .setExecutorService(executor)
          .build();
    }
    return OtlpGrpcMetricExporter.builder()
        .setEndpoint(endpoint.grpc())
        .setTimeout(options.timeout)
        .setConnectTimeout(options.timeout)
        .setCompression(compression())
        .setHeaders(headers())
        .setRetryPolicy(null)
        .setMeterProvider(MeterProvider.noop())
        .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
        .setExecutorService(executor)
        .build();
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
