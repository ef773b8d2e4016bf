package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import io.opentelemetry.extension.trace.propagation.JaegerPropagator;
import io.opentelemetry.extension.trace.propagation.OtTracePropagator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Propagators by their names in the OpenTelemetry specification. */
public final class Propagators {
  private static final String NONE = "none";

  /** The names that are known. */
  public static final Set<String> NAMES =
      Set.of("tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray", "ottrace", NONE);

  public static final String EXPECTED =
      "tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, or none alone";

  private Propagators() {}

  /**
   * Propagators of a list, in its order.
   *
   * @param key the option or key of the list, for messages
   * @throws IllegalArgumentException if a name is unknown
   */
  public static TextMapPropagator of(String key, Collection<String> names) {
    Set<String> distinct = new LinkedHashSet<>(names);
    boolean valid = !distinct.contains(NONE) || distinct.size() == 1;
    List<TextMapPropagator> propagators = new ArrayList<>();
    for (String name : distinct) {
      if (!name.equals(NONE)) {
        valid &= add(propagators, name);
      }
    }
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": invalid value \"" + String.join(",", names) + "\"; expected " + EXPECTED);
    }
    return TextMapPropagator.composite(propagators);
  }

  // Jaeger and ottrace are deprecated, but in use.
  @SuppressWarnings("deprecation")
  private static boolean add(List<TextMapPropagator> propagators, String name) {
    switch (name) {
      case "tracecontext" -> propagators.add(W3CTraceContextPropagator.getInstance());
      case "baggage" -> propagators.add(new BaggagePropagator());
      case "b3" -> propagators.add(b3(B3Propagator.injectingSingleHeader()));
      case "b3multi" -> propagators.add(b3(B3Propagator.injectingMultiHeaders()));
      case "jaeger" ->
          propagators.add(new TracePropagator(new JaegerFormat(JaegerPropagator.getInstance())));
      case "xray" -> propagators.add(new TracePropagator(new XrayFormat(XrayPropagation.find())));
      case "ottrace" -> propagators.add(new TracePropagator(OtTracePropagator.getInstance()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static TextMapPropagator b3(TextMapPropagator writer) {
    return new TracePropagator(new B3Format(writer));
  }
}
