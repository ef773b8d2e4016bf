package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Factory of OpenTelemetry's OTLP exporters with our {@link OtlpSender}. They encode; headers,
 * compression and TLS are the sender's, the time-out is that of {@link ExportGuard}. They get no
 * meter provider, as they would take the global one, and no reusable memory, as an export that
 * timed out may still be reading it.
 */
final class OtlpExporters {
  private final OtlpSpec spec;
  private final Endpoint endpoint;
  private final ComponentLoader senders;

  /** Exporters that encode, and send nothing. */
  static OtlpExporters toNowhere(boolean http) {
    OtlpSpec spec = new OtlpSpec("127.0.0.1:1");
    spec.http = http;
    return new OtlpExporters(
        spec,
        Endpoint.parse(spec, variable -> null),
        new SenderLoader(
            (endpoint, method, headers) ->
                message -> message.writeMessage(OutputStream.nullOutputStream())));
  }

  OtlpExporters(OtlpSpec spec, Endpoint endpoint) {
    this(spec, endpoint, spec.tls == null ? null : ReloadingTls.load(spec.tls));
  }

  OtlpExporters(OtlpSpec spec, Endpoint endpoint, @Nullable ReloadingTls tls) {
    this(
        spec,
        endpoint,
        new SenderLoader(
            (uri, method, headers) -> new OtlpSender(spec, uri, method, headers, tls)));
  }

  private OtlpExporters(OtlpSpec spec, Endpoint endpoint, ComponentLoader senders) {
    this.spec = spec;
    this.endpoint = endpoint;
    this.senders = senders;
  }

  SpanExporter spans() {
    return spec.http
        ? OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.http("traces"))
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(senders)
            .build()
        : OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(senders)
            .build();
  }

  MetricExporter metrics() {
    return spec.http
        ? OtlpHttpMetricExporter.builder()
            .setEndpoint(endpoint.http("metrics"))
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(senders)
            .build()
        : OtlpGrpcMetricExporter.builder()
            .setEndpoint(endpoint.grpc())
            .setMeterProvider(MeterProvider.noop())
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setComponentLoader(senders)
            .build();
  }
}
