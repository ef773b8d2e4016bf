package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Access of propagators to the headers of requests. */
final class TraceHeaders {
  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";
  static final String BAGGAGE = "baggage";
  static final TextMapGetter<RequestInfo> GETTER = new Getter();
  static final TextMapSetter<Carrier<?>> SETTER = new Setter();

  /** Both forms of B3 are extracted, whichever is injected. */
  private static final List<String> B3 =
      List.of(
          "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags");

  private TraceHeaders() {}

  /** The headers that a propagator may extract from or inject into, in lower case. */
  static Set<String> of(TextMapPropagator propagator) {
    Set<String> fields = new LinkedHashSet<>();
    for (String field : propagator.fields()) {
      fields.add(field.toLowerCase(Locale.ROOT));
    }
    if (B3.stream().anyMatch(fields::contains)) {
      fields.addAll(B3);
    }
    return fields;
  }

  /** Whether it carries nothing but W3C Trace Context, and maybe baggage. */
  static boolean isW3c(TextMapPropagator propagator) {
    Set<String> fields = of(propagator);
    return fields.contains(TRACEPARENT)
        && Set.of(TRACEPARENT, TRACESTATE, BAGGAGE).containsAll(fields);
  }

  /** Headers and the access to them. */
  record Carrier<C>(C headers, HeaderAccess<C> access) {
    void set(String name, String value) {
      access.set(headers, name, value);
    }
  }

  private static final class Getter implements TextMapGetter<RequestInfo> {
    @Override
    public Iterable<String> keys(RequestInfo request) {
      return List.of();
    }

    @Override
    public @Nullable String get(@Nullable RequestInfo request, String name) {
      if (request == null) {
        return null;
      }
      if (name.equals(TRACEPARENT)) {
        // W3C Trace Context, section 3.2.2: with more than one, the trace starts anew.
        List<String> values = request.headers(name);
        return values.size() == 1 ? values.get(0) : null;
      }
      if (name.equals(TRACESTATE)) {
        // Section 3.3.1: several lines are one list.
        return TraceStates.cleaned(request.headers(name));
      }
      return request.header(name);
    }
  }

  private static final class Setter implements TextMapSetter<Carrier<?>> {
    @Override
    public void set(@Nullable Carrier<?> carrier, String name, String value) {
      if (carrier != null) {
        carrier.set(name, value);
      }
    }
  }
}
