package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * W3C baggage, without the members whose percent-encoding or metadata is broken: OpenTelemetry's
 * parser logs a warning for each of them, and a client may send hundreds.
 */
final class BaggagePropagator implements TextMapPropagator {
  private static final TextMapPropagator BAGGAGE = W3CBaggagePropagator.getInstance();

  @Override
  public Collection<String> fields() {
    return BAGGAGE.fields();
  }

  @Override
  public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
    BAGGAGE.inject(context, carrier, setter);
  }

  @Override
  public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
    try {
      return BAGGAGE.extract(context, carrier, new WellFormed<>(getter));
    } catch (RuntimeException e) {
      return context;
    }
  }

  @Override
  public String toString() {
    return BAGGAGE.toString();
  }

  private record WellFormed<C>(TextMapGetter<C> getter) implements TextMapGetter<C> {
    @Override
    public Iterable<String> keys(C carrier) {
      return getter.keys(carrier);
    }

    @Override
    public @Nullable String get(@Nullable C carrier, String key) {
      String value = getter.get(carrier, key);
      return value == null ? null : wellFormed(value);
    }

    @Override
    public Iterator<String> getAll(@Nullable C carrier, String key) {
      List<String> values = new ArrayList<>();
      getter.getAll(carrier, key).forEachRemaining(value -> values.add(wellFormed(value)));
      return values.iterator();
    }
  }

  private static String wellFormed(String header) {
    if (isWellFormed(header)) {
      return header;
    }
    List<String> members = new ArrayList<>();
    for (String member : header.split(",", -1)) {
      if (isWellFormed(member)) {
        members.add(member);
      }
    }
    return String.join(",", members);
  }

  private static boolean isWellFormed(String text) {
    return areEscapesWhole(text) && isMetadataLegible(text);
  }

  /** RFC 3986, section 2.1: a percent sign and two hexadecimal digits. */
  private static boolean areEscapesWhole(String text) {
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
      if (at + 2 >= text.length()
          || Character.digit(text.charAt(at + 1), 16) < 0
          || Character.digit(text.charAt(at + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Tabs, and printable ASCII except the double quote and the backslash, as OpenTelemetry reads.
   */
  private static boolean isMetadataLegible(String text) {
    int semicolon = text.indexOf(';');
    return semicolon < 0
        || text.substring(semicolon)
            .chars()
            .allMatch(c -> c == '\t' || (c >= ' ' && c <= '~' && c != '"' && c != '\\'));
  }
}
