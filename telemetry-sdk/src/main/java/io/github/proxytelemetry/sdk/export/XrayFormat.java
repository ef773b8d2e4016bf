package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.InboundHint.Decision;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.jspecify.annotations.Nullable;

/**
 * Tracing header of AWS X-Ray, read by its own rules: a load balancer sends {@code Root} alone, and
 * the decision is the receiver's where it is absent or {@code ?}. OpenTelemetry's reader drops the
 * one, takes the other for a no, and logs what it cannot read.
 */
final class XrayFormat extends HeaderFormat {
  private static final String HEADER = "X-Amzn-Trace-Id";

  /** {@code 1-}, 8 digits, {@code -}, 24 digits. */
  private static final int ROOT_LENGTH = 35;

  private static final int TIME = 2;
  private static final int UNIQUE = 11;

  XrayFormat(TextMapPropagator writer) {
    super(writer);
  }

  @Override
  <C> InboundTrace read(@Nullable C carrier, TextMapGetter<C> getter) {
    String header = getter.get(carrier, HEADER);
    return header == null ? InboundTrace.NONE : read(header);
  }

  private static InboundTrace read(String header) {
    String traceId = null;
    String spanId = null;
    Decision decision = Decision.OPEN;
    for (String part : header.split(";", -1)) {
      String field = part.strip();
      if (field.startsWith("Root=")) {
        traceId = traceId(field.substring("Root=".length()));
      } else if (field.startsWith("Parent=")) {
        spanId = InboundTrace.spanId(field.substring("Parent=".length()));
      } else if (field.equals("Sampled=1")) {
        decision = Decision.SAMPLED;
      } else if (field.equals("Sampled=0")) {
        decision = Decision.UNSAMPLED;
      }
    }
    return new InboundTrace(traceId, spanId, decision);
  }

  private static @Nullable String traceId(String root) {
    if (root.length() != ROOT_LENGTH || !root.startsWith("1-") || root.charAt(UNIQUE - 1) != '-') {
      return null;
    }
    return InboundTrace.traceId(root.substring(TIME, UNIQUE - 1) + root.substring(UNIQUE));
  }
}
