package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Real exporters and a span to send. */
final class Exporting {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  // As in earnest, an exporter that is replaced leaves its executor to the next one.
  private static final ExecutorService EXECUTOR =
      Executors.newCachedThreadPool(new NamedThreads("exporting"));

  private Exporting() {}

  static SpanExporter exporter(
      TlsCollector.Protocol protocol, String endpoint, TlsMaterial material) {
    return protocol == TlsCollector.Protocol.HTTP
        ? OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint + "/v1/traces")
            .setSslContext(material.context(), material.trustManager())
            .setTimeout(TIMEOUT)
            .setExecutorService(EXECUTOR)
            .setRetryPolicy(null)
            .build()
        : OtlpGrpcSpanExporter.builder()
            .setEndpoint(endpoint)
            .setSslContext(material.context(), material.trustManager())
            .setTimeout(TIMEOUT)
            .setExecutorService(EXECUTOR)
            .setRetryPolicy(null)
            .build();
  }

  /** Sends one span; the answer is there, one way or the other, or this fails. */
  static boolean succeeds(SpanExporter exporter) {
    CompletableResultCode result = exporter.export(List.of(span())).join(60, TimeUnit.SECONDS);
    if (!result.isDone()) {
      throw new AssertionError("the export hangs");
    }
    return result.isSuccess();
  }

  private static SpanData span() {
    return TestSpanData.builder()
        .setName("GET")
        .setKind(SpanKind.SERVER)
        .setStartEpochNanos(1)
        .setEndEpochNanos(2)
        .setHasEnded(true)
        .setStatus(StatusData.unset())
        .setAttributes(Attributes.empty())
        .setSpanContext(
            SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault()))
        .build();
  }
}
