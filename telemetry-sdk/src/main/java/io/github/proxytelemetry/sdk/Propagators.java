package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
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

/**
 * The ways to carry a trace context in headers, by the names of the OpenTelemetry specification.
 */
final class Propagators {
  static final String ALLOWED =
      "are tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, and none alone";
  private static final String NONE = "none";

  private Propagators() {}

  /** {@code key} is what a message calls the list. */
  static TextMapPropagator of(String key, Collection<String> names) {
    Setting setting = new Setting(key, String.join(",", names));
    Set<String> distinct = new LinkedHashSet<>(names);
    if (distinct.contains(NONE) && distinct.size() > 1) {
      throw setting.invalid(ALLOWED);
    }
    List<TextMapPropagator> propagators = new ArrayList<>();
    for (String name : distinct) {
      if (!name.equals(NONE)) {
        propagators.add(of(setting, name));
      }
    }
    return TextMapPropagator.composite(propagators);
  }

  // Jaeger and ottrace are deprecated, and still what some systems speak.
  @SuppressWarnings("deprecation")
  private static TextMapPropagator of(Setting setting, String name) {
    return switch (name) {
      case "tracecontext" -> W3CTraceContextPropagator.getInstance();
      case "baggage" -> W3CBaggagePropagator.getInstance();
      case "b3" -> new TracePropagator(B3Propagator.injectingSingleHeader());
      case "b3multi" -> new TracePropagator(B3Propagator.injectingMultiHeaders());
      case "jaeger" -> new TracePropagator(JaegerPropagator.getInstance());
      case "xray" -> new TracePropagator(XrayPropagation.find());
      case "ottrace" -> new TracePropagator(OtTracePropagator.getInstance());
      default -> throw setting.invalid(ALLOWED);
    };
  }
}
