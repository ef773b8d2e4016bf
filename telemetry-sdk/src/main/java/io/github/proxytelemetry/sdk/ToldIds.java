package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives a span the ids that others were told of before it was decided to record it, and every other
 * span new ones. An SDK has no other way to set ids; the context says which, because that is what
 * is current on the thread that starts the span.
 */
final class ToldIds implements IdGenerator {
  private static final ContextKey<SpanContext> TOLD = ContextKey.named("proxy-telemetry-told-ids");

  private final IdGenerator others;

  ToldIds(IdGenerator others) {
    this.others = others;
  }

  static Context mark(Context context, SpanContext ids) {
    return context.with(TOLD, ids);
  }

  @Override
  public String generateTraceId() {
    SpanContext told = told();
    return told == null ? others.generateTraceId() : told.getTraceId();
  }

  @Override
  public String generateSpanId() {
    SpanContext told = told();
    return told == null ? others.generateSpanId() : told.getSpanId();
  }

  @Override
  public boolean generatesRandomTraceIds() {
    return others.generatesRandomTraceIds();
  }

  private static @Nullable SpanContext told() {
    return Context.current().get(TOLD);
  }
}
