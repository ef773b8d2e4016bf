package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.InboundHint.Decision;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Header of Jaeger's clients, {@code trace:span:parent:flags}, whose colons may be percent-encoded
 * and whose ids may lack leading zeros. OpenTelemetry's reader logs what it cannot read.
 */
final class JaegerFormat extends HeaderFormat {
  private static final String HEADER = "uber-trace-id";
  private static final int PARTS = 4;

  JaegerFormat(TextMapPropagator writer) {
    super(writer);
  }

  @Override
  <C> InboundTrace read(@Nullable C carrier, TextMapGetter<C> getter) {
    String header = getter.get(carrier, HEADER);
    return header == null ? InboundTrace.NONE : read(header);
  }

  private static InboundTrace read(String header) {
    String plain =
        header.indexOf('%') < 0 ? header : URLDecoder.decode(header, StandardCharsets.UTF_8);
    String[] parts = plain.split(":", PARTS + 1);
    if (parts.length != PARTS) {
      return InboundTrace.NONE;
    }
    String traceId = InboundTrace.traceId(padded(parts[0], 32));
    String spanId = InboundTrace.spanId(padded(parts[1], 16));
    Decision decision = isSampled(parts[3]) ? Decision.SAMPLED : Decision.UNSAMPLED;
    return traceId == null || spanId == null
        ? InboundTrace.NONE
        : new InboundTrace(traceId, spanId, decision);
  }

  private static String padded(String id, int length) {
    return "0".repeat(Math.max(0, length - id.length())) + id;
  }

  /** The lowest bit of a byte in hexadecimal digits. */
  private static boolean isSampled(String flags) {
    return !flags.isEmpty()
        && flags.length() <= 2
        && (Character.digit(flags.charAt(flags.length() - 1), 16) & 1) == 1;
  }
}
