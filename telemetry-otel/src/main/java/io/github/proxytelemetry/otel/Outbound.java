package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What becomes of the trace headers of a message that goes out. */
final class Outbound {
  private static final String BAGGAGE = "baggage";

  /** W3C Trace Context and Baggage, B3, Jaeger, X-Ray, OpenTracing. */
  private static final String[] KNOWN = {
    "traceparent",
    "tracestate",
    "traceresponse",
    BAGGAGE,
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-flags",
    "uber-trace-id",
    "jaeger-debug-id",
    "jaeger-baggage",
    "x-amzn-trace-id",
    "ot-tracer-traceid",
    "ot-tracer-spanid",
    "ot-tracer-sampled"
  };

  private final TextMapPropagator propagator;
  private final boolean strict;
  private final boolean injects;
  private final Predicate<Upstream> audience;
  private final @Nullable HostErrors errors;

  /** What belongs to the old context, and is not always replaced by the new one. */
  private final String[] stale;

  Outbound(TextMapPropagator propagator, Policy policy, @Nullable HostErrors errors) {
    this.propagator = propagator;
    this.strict = policy.isStrict();
    this.injects = policy.trust() != Trust.IGNORE && !propagator.fields().isEmpty();
    this.audience = policy.propagateTo();
    this.errors = errors;
    // Baggage is read and written again where a trace goes on, and no part of it where there is no
    // trace.
    boolean keepsBaggage = policy.trust() == Trust.CONTINUE;
    this.stale =
        TraceHeaders.of(propagator).stream()
            .filter(field -> !field.equals(TraceHeaders.TRACEPARENT))
            .filter(field -> !(keepsBaggage && field.equals(BAGGAGE)))
            .toArray(String[]::new);
  }

  /** Whether an upstream is told of our context. Where it is not, its headers are left alone. */
  boolean reaches(@Nullable Upstream upstream) {
    if (!injects || audience == Policy.EVERYONE) {
      return injects;
    }
    if (upstream == null) {
      return false;
    }
    try {
      return audience.test(upstream);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      if (errors != null) {
        errors.threw(HostErrors.Callback.PROPAGATE_TO, e);
      }
      return false;
    }
  }

  <C> void inject(Context context, C headers, HeaderAccess<C> access) {
    if (!Span.fromContext(context).getSpanContext().isValid()) {
      return;
    }
    for (String field : stale) {
      access.remove(headers, field);
    }
    propagator.inject(context, new TraceHeaders.Carrier<>(headers, access), TraceHeaders.SETTER);
  }

  /** Takes the trace headers of everybody off, where nobody may be told of a single request. */
  <C> void strip(C headers, HeaderAccess<C> access) {
    if (strict) {
      for (String name : KNOWN) {
        access.remove(headers, name);
      }
    }
  }
}
