package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.sdk.TlsCollector;
import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.sdk.tls.ReloadingTls;
import io.github.proxytelemetry.sdk.tls.TlsSource;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Our exporters over TLS, and a span to send. */
final class Exporting {
  private Exporting() {}

  static OtlpSpec spec(TlsCollector.Protocol protocol, String endpoint) {
    OtlpSpec spec = new OtlpSpec(endpoint);
    spec.http = protocol == TlsCollector.Protocol.HTTP;
    return spec;
  }

  static SpanExporter exporter(OtlpSpec spec, ReloadingTls tls) {
    return new OtlpExporters(spec, Endpoint.parse(spec, name -> null), tls).spans();
  }

  static TlsSource trusting(TlsSource source, Path file) {
    return source.withTrusted(Pem.file("trusted certificates", file));
  }

  static TlsSource presenting(TlsSource source, Path certificate, Path key) {
    return source
        .withCertificate(Pem.file("client certificate", certificate))
        .withKey(Pem.file("client key", key));
  }

  /** Sends one span; the answer is there, one way or the other, or this fails. */
  static boolean succeeds(SpanExporter exporter) {
    Outcome outcome =
        Outcome.of(() -> exporter.export(List.of(span())), TimeUnit.SECONDS.toNanos(60));
    if (outcome.equals(Outcome.TIMED_OUT)) {
      throw new AssertionError("the export hangs");
    }
    return outcome.isDelivered();
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
