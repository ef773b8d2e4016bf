package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;

/** Reads the trace context that a request comes with, as far as it is trusted. */
final class Inbound {
  private final TextMapPropagator propagator;
  private final Trust trust;
  private final boolean ofHost;
  private final String[] fields;

  Inbound(TextMapPropagator propagator, Trust trust, boolean ofHost) {
    this.propagator = propagator;
    this.ofHost = ofHost;
    this.trust = trust;
    this.fields =
        TraceHeaders.of(propagator).stream()
            .filter(field -> !field.equals(TraceHeaders.TRACESTATE))
            .toArray(String[]::new);
  }

  /** What came with the request, or the root where nothing did or it is of no interest. */
  Context read(RequestInfo request) {
    if (trust == Trust.RESTART || trust == Trust.IGNORE || !isCarried(request)) {
      return Context.root();
    }
    return propagator.extract(Context.root(), request, TraceHeaders.GETTER);
  }

  /**
   * Parent of the exchange. Within the host's OpenTelemetry that is its current span, such as the
   * server span of another instrumentation, unless the request carries the context of another
   * trace.
   */
  Context parent(Context read) {
    if (trust == Trust.RESTART || trust == Trust.LINK) {
      return Context.root();
    }
    Context carried = trust == Trust.CONTINUE ? read : Context.root();
    if (!ofHost) {
      return carried;
    }
    SpanContext current = Span.current().getSpanContext();
    SpanContext remote = Span.fromContext(carried).getSpanContext();
    boolean isNearer =
        current.isValid()
            && (!remote.isValid() || remote.getTraceId().equals(current.getTraceId()));
    return isNearer ? Context.current() : carried;
  }

  /** What the exchange has a link to, not valid where it has none. */
  SpanContext link(Context read) {
    return trust == Trust.LINK ? Span.fromContext(read).getSpanContext() : SpanContext.getInvalid();
  }

  /** Extracting makes objects even where there is nothing to extract. */
  private boolean isCarried(RequestInfo request) {
    for (String field : fields) {
      if (request.header(field) != null) {
        return true;
      }
    }
    return false;
  }
}
