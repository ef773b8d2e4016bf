package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Propagator that reads headers by the format's own rules; OpenTelemetry's writes them. */
abstract class HeaderFormat implements TextMapPropagator {
  private final TextMapPropagator writer;

  HeaderFormat(TextMapPropagator writer) {
    this.writer = writer;
  }

  /** Reads what the headers have of a trace. */
  abstract <C> InboundTrace read(@Nullable C carrier, TextMapGetter<C> getter);

  @Override
  public final Collection<String> fields() {
    return writer.fields();
  }

  @Override
  public final <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    writer.inject(context, carrier, setter);
  }

  @Override
  public final <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    return read(carrier, getter).in(context);
  }

  @Override
  public final String toString() {
    return writer.toString();
  }
}
