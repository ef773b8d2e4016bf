package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.otel.Layers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reader of KrakenD's {@code layers}. A block that is absent switches all of its layers on. */
final class KrakendLayers {
  private static final String NO_METRICS = "disable_metrics";
  private static final String NO_TRACES = "disable_traces";
  private static final String METRIC_ATTRIBUTES = "metrics_static_attributes";
  private static final String TRACE_ATTRIBUTES = "traces_static_attributes";
  private static final String REPORT_HEADERS = "report_headers";
  private static final String SKIP_HEADERS = "skip_headers";
  static final String SEMANTIC_CONVENTION = "semantic_convention";

  /** Layers by their switches, of which that of the stage switches off. */
  private static final Map<String, Group> BACKEND =
      Map.of(
          "disable_stage", Group.BACKEND,
          "round_trip", Group.ROUND_TRIP,
          "read_payload", Group.READ_PAYLOAD,
          "detailed_connection", Group.DETAILED_CONNECTION);

  private final Layers.Builder builder = Layers.builder();
  private final Notices notices;

  private KrakendLayers(Notices notices) {
    this.notices = notices;
  }

  static Layers read(@Nullable ConfigValue layers, Notices notices) {
    return layers == null ? Layers.all() : new KrakendLayers(notices).layers(layers);
  }

  private Layers layers(ConfigValue layers) {
    layers.allowing("global", "proxy", "backend");
    ConfigValue global = layers.member("global");
    if (global != null) {
      global.allowing(
          NO_METRICS,
          NO_TRACES,
          "disable_propagation",
          REPORT_HEADERS,
          SKIP_HEADERS,
          METRIC_ATTRIBUTES,
          TRACE_ATTRIBUTES,
          SEMANTIC_CONVENTION);
      if (global.flag("disable_propagation")) {
        builder.withoutPropagation();
      }
    }
    unless(global, NO_METRICS, () -> builder.metrics(Group.GLOBAL));
    if (global != null && global.flag(NO_TRACES)) {
      builder.withoutServerSpan();
    }
    ConfigValue proxy = layers.member("proxy");
    if (proxy != null) {
      proxy.allowing(
          NO_METRICS, NO_TRACES, REPORT_HEADERS, SKIP_HEADERS, METRIC_ATTRIBUTES, TRACE_ATTRIBUTES);
    }
    unless(proxy, NO_METRICS, () -> builder.metrics(Group.PROXY));
    unless(proxy, NO_TRACES, () -> builder.traces(Group.PROXY));
    details(global, Group.GLOBAL);
    details(proxy, Group.PROXY);
    ConfigValue backend = layers.member("backend");
    if (backend != null) {
      backend.allowing("metrics", "traces");
    }
    backend(backend, "metrics", builder::metrics, builder::metricAttribute);
    backend(backend, "traces", builder::traces, builder::traceAttribute);
    return builder.build();
  }

  private void details(@Nullable ConfigValue block, Group layer) {
    if (block == null) {
      return;
    }
    headers(block);
    attributes(block.member(METRIC_ATTRIBUTES))
        .forEach((key, value) -> builder.metricAttribute(key, value, layer));
    attributes(block.member(TRACE_ATTRIBUTES))
        .forEach((key, value) -> builder.traceAttribute(key, value, layer));
  }

  private static void unless(@Nullable ConfigValue block, String flag, Runnable layer) {
    if (block == null || !block.flag(flag)) {
      layer.run();
    }
  }

  private void backend(
      @Nullable ConfigValue backend,
      String name,
      Consumer<Group> layers,
      StaticAttribute attribute) {
    ConfigValue signal = backend == null ? null : backend.member(name);
    if (signal == null) {
      BACKEND.values().forEach(layers);
      return;
    }
    signal.allowing(
        "disable_stage",
        "round_trip",
        "read_payload",
        "detailed_connection",
        "static_attributes",
        REPORT_HEADERS,
        SKIP_HEADERS);
    headers(signal);
    BACKEND.forEach(
        (flag, layer) -> {
          if (signal.flag(flag) != (layer == Group.BACKEND)) {
            layers.accept(layer);
          }
        });
    Group[] all = BACKEND.values().toArray(Group[]::new);
    attributes(signal.member("static_attributes"))
        .forEach((key, value) -> attribute.add(key, value, all));
  }

  private interface StaticAttribute {
    void add(String key, String value, Group... layers);
  }

  /** As in KrakenD, entries without a key or value are left out. */
  private static Map<String, String> attributes(@Nullable ConfigValue list) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (list == null) {
      return attributes;
    }
    for (ConfigValue item : list.items()) {
      item.allowing("key", "value");
      ConfigValue key = item.member("key");
      ConfigValue value = item.member("value");
      if (key == null || value == null || key.text().isEmpty() || value.text().isEmpty()) {
        continue;
      }
      if (attributes.putIfAbsent(key.text(), value.text()) != null) {
        throw key.invalid("a key that no other attribute has");
      }
    }
    return attributes;
  }

  /** All headers would be reported, credentials among them; here they are named one by one. */
  private void headers(ConfigValue layer) {
    ConfigValue report = layer.member(REPORT_HEADERS);
    ConfigValue skip = layer.member(SKIP_HEADERS);
    if (report != null && report.flag()) {
      notices.add(
          report.key(), "no header is reported but those of Capture.builder().requestHeaders(...)");
    }
    if (skip != null && !skip.items().isEmpty()) {
      notices.add(skip.key(), "only headers that are named are reported");
    }
  }
}
