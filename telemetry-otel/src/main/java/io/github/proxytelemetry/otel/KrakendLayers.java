package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.otel.sdk.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads KrakenD's {@code layers}. A block that is absent stands for all that it could say. */
final class KrakendLayers {
  private static final String NO_METRICS = "disable_metrics";
  private static final String NO_TRACES = "disable_traces";
  private static final String NO_PROPAGATION = "disable_propagation";
  private static final String METRIC_ATTRIBUTES = "metrics_static_attributes";
  private static final String TRACE_ATTRIBUTES = "traces_static_attributes";
  private static final String REPORT_HEADERS = "report_headers";

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
    return builder
        .backendMetrics(backend(backend == null ? null : backend.member("metrics")))
        .backendTraces(backend(backend == null ? null : backend.member("traces")))
        .build();
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
      attributes(global.member(METRIC_ATTRIBUTES)).forEach(builder::metricStaticAttribute);
      attributes(global.member(TRACE_ATTRIBUTES)).forEach(builder::traceStaticAttribute);
    }
    builder
        .globalMetrics(!isOn(global, NO_METRICS))
        .globalTraces(!isOn(global, NO_TRACES))
        .globalPropagation(!isOn(global, NO_PROPAGATION));
  }

  private static void proxy(Layers.Builder builder, @Nullable Setting proxy) {
    if (proxy != null) {
      proxy.allowing(NO_METRICS, NO_TRACES, REPORT_HEADERS);
      refuseHeaders(proxy);
    }
    builder.proxyMetrics(!isOn(proxy, NO_METRICS)).proxyTraces(!isOn(proxy, NO_TRACES));
  }

  private static BackendLayer backend(@Nullable Setting signal) {
    if (signal == null) {
      return BackendLayer.all();
    }
    signal.allowing(
        "disable_stage",
        "round_trip",
        "read_payload",
        "detailed_connection",
        "static_attributes",
        REPORT_HEADERS);
    refuseHeaders(signal);
    BackendLayer.Builder builder =
        BackendLayer.builder()
            .stage(!signal.flag("disable_stage"))
            .roundTrip(signal.flag("round_trip"))
            .readPayload(signal.flag("read_payload"))
            .detailedConnection(signal.flag("detailed_connection"));
    attributes(signal.member("static_attributes")).forEach(builder::staticAttribute);
    return builder.build();
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
