package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.InboundHint;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Propagator of trace contexts only. Those of X-Ray, Jaeger and OpenTracing carry baggage as well,
 * which may describe the client.
 */
final class TracePropagator implements TextMapPropagator {
  private static final String BAGGAGE = "baggage";

  private final TextMapPropagator propagator;
  private final Collection<String> fields;

  TracePropagator(TextMapPropagator propagator) {
    this.propagator = propagator;
    this.fields = propagator.fields().stream().filter(field -> !field.equals(BAGGAGE)).toList();
  }

  @Override
  public Collection<String> fields() {
    return fields;
  }

  @Override
  public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    propagator.inject(context.with(Baggage.empty()), carrier, setter);
  }

  @Override
  public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    try {
      Context extracted = propagator.extract(Context.root(), carrier, getter);
      Span span = Span.fromContext(extracted);
      InboundHint hint = InboundHint.of(extracted);
      Context traced = span.getSpanContext().isValid() ? context.with(span) : context;
      return hint == null ? traced : hint.in(traced);
    } catch (RuntimeException e) {
      // Jaeger's throws on "uber-trace-id: %zz": a client's header that cannot be decoded is none.
      return context;
    }
  }

  @Override
  public String toString() {
    return propagator.toString();
  }
}
