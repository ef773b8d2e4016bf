package io.github.proxytelemetry.otel.sdk;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries a trace and nothing else. Those of X-Ray, Jaeger and OpenTracing carry baggage as well,
 * which may be about the client, and which nobody asked for.
 */
final class TracePropagator implements TextMapPropagator {
  private final TextMapPropagator propagator;
  private final Collection<String> fields;

  /** {@code fields} are those of which one at least is there where there is a context. */
  TracePropagator(TextMapPropagator propagator, String... fields) {
    this.propagator = propagator;
    this.fields = List.of(fields);
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
    Span span = Span.fromContext(propagator.extract(Context.root(), carrier, getter));
    return span.getSpanContext().isValid() ? context.with(span) : context;
  }

  @Override
  public String toString() {
    return propagator.toString();
  }
}
