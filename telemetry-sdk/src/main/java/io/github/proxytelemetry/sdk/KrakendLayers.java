package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.otel.Layers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads KrakenD's {@code layers}. A block that is absent stands for all that it could say. */
final class KrakendLayers {
  private static final String NO_METRICS = "disable_metrics";
  private static final String NO_TRACES = "disable_traces";
  private static final String NO_PROPAGATION = "disable_propagation";
  private static final String METRIC_ATTRIBUTES = "metrics_static_attributes";
  private static final String TRACE_ATTRIBUTES = "traces_static_attributes";
  private static final String REPORT_HEADERS = "report_headers";

  private static final Group[] BACKEND = {
    Group.BACKEND, Group.ROUND_TRIP, Group.READ_PAYLOAD, Group.DETAILED_CONNECTION
  };

  private KrakendLayers() {}

  static Layers read(@Nullable Setting layers) {
    if (layers == null) {
      return Layers.all();
    }
    layers.allowing("global", "proxy", "backend");
    Layers.Builder builder = Layers.builder();
    global(builder, layers.member("global"));
    proxy(builder, layers.member("proxy"));
    Setting backend = layers.member("backend");
    if (backend != null) {
      backend.allowing("metrics", "traces");
    }
    backend(backend, "metrics", builder::metrics, builder::metricAttribute);
    backend(backend, "traces", builder::traces, builder::traceAttribute);
    return builder.build();
  }

  private static void global(Layers.Builder builder, @Nullable Setting global) {
    if (global != null) {
      global.allowing(
          NO_METRICS,
          NO_TRACES,
          NO_PROPAGATION,
          REPORT_HEADERS,
          METRIC_ATTRIBUTES,
          TRACE_ATTRIBUTES);
      refuseHeaders(global);
      attributes(global.member(METRIC_ATTRIBUTES))
          .forEach((key, value) -> builder.metricAttribute(key, value, Group.GLOBAL, Group.PROXY));
      attributes(global.member(TRACE_ATTRIBUTES))
          .forEach((key, value) -> builder.traceAttribute(key, value, Group.GLOBAL, Group.PROXY));
    }
    if (!isOn(global, NO_METRICS)) {
      builder.metrics(Group.GLOBAL);
    }
    if (isOn(global, NO_TRACES)) {
      builder.withoutServerSpan();
    }
    if (isOn(global, NO_PROPAGATION)) {
      builder.withoutPropagation();
    }
  }

  private static void proxy(Layers.Builder builder, @Nullable Setting proxy) {
    if (proxy != null) {
      proxy.allowing(NO_METRICS, NO_TRACES, REPORT_HEADERS);
      refuseHeaders(proxy);
    }
    if (!isOn(proxy, NO_METRICS)) {
      builder.metrics(Group.PROXY);
    }
    if (!isOn(proxy, NO_TRACES)) {
      builder.traces(Group.PROXY);
    }
  }

  private static void backend(
      @Nullable Setting backend, String name, Consumer<Group> layers, StaticAttribute attribute) {
    Setting signal = backend == null ? null : backend.member(name);
    if (signal == null) {
      Stream.of(BACKEND).forEach(layers);
      return;
    }
    signal.allowing(
        "disable_stage",
        "round_trip",
        "read_payload",
        "detailed_connection",
        "static_attributes",
        REPORT_HEADERS);
    refuseHeaders(signal);
    if (!signal.flag("disable_stage")) {
      layers.accept(Group.BACKEND);
    }
    if (signal.flag("round_trip")) {
      layers.accept(Group.ROUND_TRIP);
    }
    if (signal.flag("read_payload")) {
      layers.accept(Group.READ_PAYLOAD);
    }
    if (signal.flag("detailed_connection")) {
      layers.accept(Group.DETAILED_CONNECTION);
    }
    attributes(signal.member("static_attributes"))
        .forEach((key, value) -> attribute.add(key, value, BACKEND));
  }

  private interface StaticAttribute {
    void add(String key, String value, Group... layers);
  }

  /** KrakenD leaves out what has no key or no value, and so do we. */
  private static Map<String, String> attributes(@Nullable Setting list) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (list == null) {
      return attributes;
    }
    for (Setting item : list.items()) {
      item.allowing("key", "value");
      Setting key = item.member("key");
      Setting value = item.member("value");
      if (key == null || value == null || key.text().isEmpty() || value.text().isEmpty()) {
        continue;
      }
      if (attributes.putIfAbsent(key.text(), value.text()) != null) {
        throw key.invalid("are keys that no other attribute has");
      }
    }
    return attributes;
  }

  /** It stands for all headers, and so for credentials as well. */
  private static void refuseHeaders(Setting layer) {
    Setting report = layer.member(REPORT_HEADERS);
    if (report != null && report.flag()) {
      throw report.invalid("is false: name the headers with captureRequestHeaders instead");
    }
  }

  private static boolean isOn(@Nullable Setting block, String name) {
    return block != null && block.flag(name);
  }
}
