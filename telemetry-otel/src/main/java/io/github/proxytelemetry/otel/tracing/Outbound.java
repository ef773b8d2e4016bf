package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Injection of trace contexts into requests to upstreams, and removal of trace headers. */
public final class Outbound {
  /** W3C Trace Context and Baggage, B3, Jaeger, X-Ray, OpenTracing. */
  private static final String[] KNOWN = {
    "traceparent",
    "tracestate",
    "traceresponse",
    TraceHeaders.BAGGAGE,
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
  private final boolean direct;
  private final @Nullable Predicate<Upstream> audience;
  private final CallbackErrors errors;

  /** Headers of the inbound context that injection does not always replace. */
  private final String[] stale;

  /**
   * @param owned whether the propagator is ours, so that its headers say what it writes
   */
  Outbound(TextMapPropagator propagator, boolean owned, TraceRules rules, CallbackErrors errors) {
    this.propagator = propagator;
    this.strict = rules.strict();
    this.injects = rules.injects() && !propagator.fields().isEmpty();
    this.direct = owned && TraceHeaders.isW3c(propagator);
    this.audience = rules.propagateTo();
    this.errors = errors;
    // Where the trace is continued its baggage is extracted and injected; elsewhere it is removed.
    boolean keepsBaggage = rules.inbound() == TraceRules.Use.PARENT;
    this.stale =
        TraceHeaders.of(propagator).stream()
            .filter(field -> !field.equals(TraceHeaders.TRACEPARENT))
            .filter(field -> !(keepsBaggage && field.equals(TraceHeaders.BAGGAGE)))
            .toArray(String[]::new);
  }

  /** Whether an upstream gets our context. Otherwise the headers of its requests are left alone. */
  public boolean reaches(@Nullable Upstream upstream) {
    if (!injects || audience == null) {
      return injects;
    }
    if (upstream == null) {
      return false;
    }
    try {
      return audience.test(upstream);
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.PROPAGATE_TO, e);
      return false;
    }
  }

  /** Whether any upstream gets it. */
  boolean injects() {
    return injects;
  }

  /** Whether {@link #write} can stand in for the propagator. */
  boolean isDirect() {
    return direct;
  }

  /** Writes the headers of W3C Trace Context. */
  <C> void write(String parent, @Nullable String state, C headers, HeaderAccess<C> access) {
    for (String field : stale) {
      access.remove(headers, field);
    }
    access.set(headers, TraceHeaders.TRACEPARENT, parent);
    if (state != null) {
      access.set(headers, TraceHeaders.TRACESTATE, state);
    }
  }

  /** Injects the context of a span, whose parent's baggage is sent on. */
  <C> void inject(Span span, Context parent, C headers, HeaderAccess<C> access) {
    SpanContext ids = span.getSpanContext();
    boolean simple =
        direct && ids.getTraceState().isEmpty() && Baggage.fromContext(parent).isEmpty();
    if (simple && ids.isValid()) {
      write(TraceParent.of(ids), null, headers, access);
    } else {
      inject(parent.with(span), headers, access);
    }
  }

  public <C> void inject(Context context, C headers, HeaderAccess<C> access) {
    if (!Span.fromContext(context).getSpanContext().isValid()) {
      return;
    }
    for (String field : stale) {
      access.remove(headers, field);
    }
    try {
      propagator.inject(context, new TraceHeaders.Carrier<>(headers, access), TraceHeaders.SETTER);
    } catch (Throwable e) {
      // Of the propagator, or of the headers that it writes to: the request is sent all the same.
      errors.add(CallbackErrors.Callback.PROPAGATION, e);
    }
  }

  /** Removes the trace headers of all formats, where privacy is strict. */
  public <C> void strip(C headers, HeaderAccess<C> access) {
    if (strict) {
      for (String name : KNOWN) {
        access.remove(headers, name);
      }
    }
  }
}
