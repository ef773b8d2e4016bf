package io.github.proxytelemetry.sdk;

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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exporters for one destination: OpenTelemetry's to encode, and ours to send. The former
 * get no meter provider, as they would take the global one, no retries, as these are ours to make,
 * and no reusable data, as an export that was given up may still be reading its own.
 */
final class OtlpExport {
  private static final String GZIP = "gzip";
  private static final String NO_COMPRESSION = "none";

  private static final Duration SLACK = Duration.ofMillis(100);

  private final OtlpOptions options;
  private final Endpoint endpoint;

  OtlpExport(OtlpOptions options, Endpoint endpoint) {
    this.options = options;
    this.endpoint = endpoint;
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
    OtlpEncoding encoding = new OtlpEncoding(options.dns);
    if (options.http) {
      OtlpHttpSpanExporterBuilder builder =
          OtlpHttpSpanExporter.builder()
              .setEndpoint(endpoint.http("traces"))
              .setTimeout(timeout())
              .setCompression(compression())
              .setHeaders(headers())
              .setRetryPolicy(null)
              .setMeterProvider(MeterProvider.noop())
              .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
              .setComponentLoader(encoding);
      if (tls != null) {
        builder.setSslContext(tls.context(), tls.trustManager());
      }
      return new OtlpSpanExporter(encoding, builder.build());
    }
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setTimeout(timeout())
            .setCompression(compression())
            .setHeaders(headers())
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(encoding);
    if (tls != null) {
      builder.setSslContext(tls.context(), tls.trustManager());
    }
    return new OtlpSpanExporter(encoding, builder.build());
  }

  private MetricExporter metricExporter(@Nullable TlsMaterial tls) {
    OtlpEncoding encoding = new OtlpEncoding(options.dns);
    if (options.http) {
      OtlpHttpMetricExporterBuilder builder =
          OtlpHttpMetricExporter.builder()
              .setEndpoint(endpoint.http("metrics"))
              .setTimeout(timeout())
              .setCompression(compression())
              .setHeaders(headers())
              .setRetryPolicy(null)
              .setMeterProvider(MeterProvider.noop())
              .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
              .setComponentLoader(encoding);
      if (tls != null) {
        builder.setSslContext(tls.context(), tls.trustManager());
      }
      return new OtlpMetricExporter(encoding, builder.build());
    }
    OtlpGrpcMetricExporterBuilder builder =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setTimeout(timeout())
            .setCompression(compression())
            .setHeaders(headers())
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(encoding);
    if (tls != null) {
      builder.setSslContext(tls.context(), tls.trustManager());
    }
    return new OtlpMetricExporter(encoding, builder.build());
  }

  /**
   * A little more than the guard's, which so decides first and alone. It is what frees the
   * connection, as a thread that reads from a socket does not feel an interrupt.
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
