package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.jspecify.annotations.Nullable;

/** Extraction of the trace context of a request, as far as it is trusted. */
final class Inbound {
  private final TextMapPropagator propagator;
  private final TraceRules.Use use;
  private final boolean ofHost;
  private final CallbackErrors errors;
  private final String[] fields;

  /** Whether an unsampled parent can be read by hand: nothing else is carried than W3C's ids. */
  private final boolean direct;

  private final boolean readsBaggage;

  /**
   * @param ofHost whether the OpenTelemetry is the host's, which may have a current span
   */
  Inbound(TextMapPropagator propagator, TraceRules.Use use, boolean ofHost, CallbackErrors errors) {
    this.propagator = propagator;
    this.use = use;
    this.ofHost = ofHost;
    this.errors = errors;
    this.fields =
        TraceHeaders.of(propagator).stream()
            .filter(field -> !field.equals(TraceHeaders.TRACESTATE))
            .toArray(String[]::new);
    this.direct = use == TraceRules.Use.PARENT && TraceHeaders.isW3c(propagator);
    this.readsBaggage = propagator.fields().contains(TraceHeaders.BAGGAGE);
  }

  /**
   * Whether a request has a context that is trusted. Where it has none nothing else is looked for:
   * extraction allocates even then.
   */
  boolean isCarried(RequestInfo request) {
    if (use == TraceRules.Use.NONE) {
      return false;
    }
    for (String field : fields) {
      if (request.header(field) != null) {
        return true;
      }
    }
    return false;
  }

  /** The trace of a request that is not sampled, {@code null} where the propagator has to look. */
  @Nullable UnsampledTrace unsampled(RequestInfo request) {
    if (!direct) {
      return null;
    }
    String parent = request.header(TraceHeaders.TRACEPARENT);
    if (parent == null
        || !TraceParent.isUnsampled(parent)
        || request.headers(TraceHeaders.TRACEPARENT).size() != 1
        || (readsBaggage && request.header(TraceHeaders.BAGGAGE) != null)) {
      return null;
    }
    String state =
        request.header(TraceHeaders.TRACESTATE) == null
            ? null
            : TraceStates.cleaned(request.headers(TraceHeaders.TRACESTATE));
    return new UnsampledHeaders(parent, state);
  }

  /** The context of a request that carries one. */
  Context extract(RequestInfo request) {
    try {
      return propagator.extract(Context.root(), request, TraceHeaders.GETTER);
    } catch (RuntimeException e) {
      // A parser that throws at malformed headers must not fail the exchange.
      return Context.root();
    } catch (Throwable e) {
      errors.add(CallbackErrors.Callback.PROPAGATION, e);
      return Context.root();
    }
  }

  /**
   * The parent of the exchange. In the host's OpenTelemetry that is its current span, such as the
   * server span of another instrumentation, unless the request belongs to another trace.
   */
  Context parent(Context extracted) {
    if (use != TraceRules.Use.PARENT) {
      return Context.root();
    }
    if (!ofHost) {
      return extracted;
    }
    SpanContext current = Span.current().getSpanContext();
    SpanContext remote = Span.fromContext(extracted).getSpanContext();
    boolean isNearer =
        current.isValid()
            && (!remote.isValid() || remote.getTraceId().equals(current.getTraceId()));
    return isNearer ? Context.current() : extracted;
  }

  /** The link of the exchange, invalid where it has none. */
  SpanContext link(Context extracted) {
    return use == TraceRules.Use.LINK
        ? Span.fromContext(extracted).getSpanContext()
        : SpanContext.getInvalid();
  }
}
