package io.github.proxytelemetry.testbed;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.Map;

/**
 * A span as it arrived over OTLP.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 * @param parentSpanId 16 hex digits, empty for a root
 * @param kind its kind
 * @param name its name
 * @param status its status code
 * @param attributes its attributes, every value as text
 */
public record ReceivedSpan(
    String traceId,
    String spanId,
    String parentSpanId,
    Span.SpanKind kind,
    String name,
    Status.StatusCode status,
    Map<String, String> attributes) {

  static ReceivedSpan of(Span span) {
    HexFormat hex = HexFormat.of();
    return new ReceivedSpan(
        hex.formatHex(span.getTraceId().toByteArray()),
        hex.formatHex(span.getSpanId().toByteArray()),
        hex.formatHex(span.getParentSpanId().toByteArray()),
        span.getKind(),
        span.getName(),
        span.getStatus().getCode(),
        ReceivedTelemetry.attributes(span.getAttributesList()));
  }
}
