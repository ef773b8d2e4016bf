package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.InboundHint.Decision;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.jspecify.annotations.Nullable;

/**
 * B3, read by its own rules (github.com/openzipkin/b3-propagation): a decision may come without
 * ids, as in {@code b3: 0}, and ids without a decision, which is then the receiver's.
 * OpenTelemetry's reader knows neither, and logs what it cannot read.
 */
final class B3Format extends HeaderFormat {
  private static final int MAX_PARTS = 4;

  B3Format(TextMapPropagator writer) {
    super(writer);
  }

  @Override
  <C> InboundTrace read(@Nullable C carrier, TextMapGetter<C> getter) {
    String header = getter.get(carrier, "b3");
    InboundTrace single = header == null ? InboundTrace.NONE : single(header);
    return single.equals(InboundTrace.NONE) ? multiple(carrier, getter) : single;
  }

  /** {@code trace-span}, {@code trace-span-decision}, {@code trace-span-decision-parent}. */
  private static InboundTrace single(String header) {
    String[] parts = header.split("-", MAX_PARTS + 1);
    if (parts.length == 1) {
      Decision alone = decision(header);
      return alone == null ? InboundTrace.NONE : new InboundTrace(null, null, alone);
    }
    if (parts.length > MAX_PARTS) {
      return InboundTrace.NONE;
    }
    Decision decision = parts.length == 2 ? Decision.OPEN : decision(parts[2]);
    return decision == null ? InboundTrace.NONE : of(parts[0], parts[1], decision);
  }

  private static <C> InboundTrace multiple(@Nullable C carrier, TextMapGetter<C> getter) {
    String sampled = getter.get(carrier, "X-B3-Sampled");
    boolean debug = "1".equals(getter.get(carrier, "X-B3-Flags"));
    Decision given = debug ? Decision.SAMPLED : sampled == null ? null : decision(sampled);
    Decision decision = given == null ? Decision.OPEN : given;
    InboundTrace trace =
        of(getter.get(carrier, "X-B3-TraceId"), getter.get(carrier, "X-B3-SpanId"), decision);
    return trace.equals(InboundTrace.NONE) ? new InboundTrace(null, null, decision) : trace;
  }

  private static InboundTrace of(@Nullable String trace, @Nullable String span, Decision decision) {
    String traceId = InboundTrace.traceId(trace);
    String spanId = InboundTrace.spanId(span);
    return traceId == null || spanId == null
        ? InboundTrace.NONE
        : new InboundTrace(traceId, spanId, decision);
  }

  /** The words were sent before the digits were agreed on; {@code d} asks for debugging. */
  private static @Nullable Decision decision(String text) {
    return switch (text) {
      case "1", "d", "true" -> Decision.SAMPLED;
      case "0", "false" -> Decision.UNSAMPLED;
      default -> null;
    };
  }
}
