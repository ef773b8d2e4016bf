package io.github.proxytelemetry.sdk;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Invalid documents, each with its error message. */
final class KrakendMistakes {
  private KrakendMistakes() {}

  static Stream<Arguments> all() {
    return Stream.of(
        wrong(
            "layers.backend.metrics.round_trip: invalid value \"yes\"; expected true or false",
            Map.of("layers.backend.metrics.round_trip", "yes")),
        wrong(
            "layers.backend.metrics.round_trip: invalid value \"1\"; expected true or false",
            Map.of("layers", Map.of("backend", Map.of("metrics", Map.of("round_trip", 1))))),
        wrong(
            "layers.backend.metrics.roundtrip: is unknown; expected disable_stage, round_trip,"
                + " read_payload, detailed_connection, static_attributes, report_headers,"
                + " skip_headers",
            Map.of("layers.backend.metrics.roundtrip", true)),
        wrong(
            "layers.global.disable: is unknown; expected disable_metrics, disable_traces,"
                + " disable_propagation, report_headers, skip_headers, metrics_static_attributes,"
                + " traces_static_attributes, semantic_convention",
            Map.of("layers.global.disable", true)),
        wrong(
            "layers.router: is unknown; expected global, proxy, backend",
            Map.of("layers", Map.of("router", Map.of()))),
        wrong(
            "layers.proxy: invalid value \"on\"; expected a block of keys and values",
            Map.of("layers", Map.of("proxy", "on"))),
        wrong(
            "layers.global.semantic_convention: invalid value \"1.20\"; expected 1.27, or empty for"
                + " KrakenD's own names",
            Map.of("layers.global.semantic_convention", "1.20")),
        wrong(
            "histograms.time_buckets[1]: invalid value \"0.1\"; expected numbers above 0 in"
                + " ascending order",
            Map.of("histograms.time_buckets", List.of(0.5, 0.1))),
        wrong(
            "histograms.buckets: is unknown; expected time_buckets, size_buckets",
            Map.of("histograms.buckets", List.of())),
        wrong(
            "telemetry/opentelemetry-security.otlp[0].headers.a: invalid value ***; expected text",
            Map.of(
                "telemetry/opentelemetry-security",
                Map.of("otlp", List.of(Map.of("name", "x", "headers", Map.of("a", 5)))),
                "exporters.otlp[0].name",
                "x")),
        wrong(
            "telemetry/opentelemetry-security.otlp[0]: has no name; expected that of an exporter",
            Map.of("telemetry/opentelemetry-security", Map.of("otlp", List.of(Map.of())))),
        wrong(
            "layers.backend.traces.static_attributes[1].key: invalid value \"a\"; expected a"
                + " key that no other attribute has",
            Map.of(
                "layers.backend.traces.static_attributes",
                List.of(Map.of("key", "a", "value", "1"), Map.of("key", "a", "value", "2")))),
        wrong("service_name: invalid value \"5\"; expected text", Map.of("service_name", 5)),
        wrong("skip_paths: invalid value \"/a\"; expected a list", Map.of("skip_paths", "/a")),
        wrong(
            "skip_paths[0]: invalid value \"a\"; expected a path such as /foo/{bar}, which may"
                + " end in / for all below",
            Map.of("skip_paths", List.of("a"))),
        wrong(
            "metric_reporting_period: invalid value \"-1\"; expected a whole number from 0 to"
                + " 86400",
            Map.of("metric_reporting_period", -1)),
        wrong(
            "trace_sample_rate: invalid value \"100\"; expected a number from 0.0 to 1.0",
            Map.of("trace_sample_rate", 100)),
        wrong(
            "exporters.otlp[0].port: invalid value \"99999\"; expected a whole number from 0"
                + " to 65535",
            Map.of("exporters.otlp[0].port", 99999)),
        wrong(
            "exporters.otlp[0].host: invalid value \"http://a b:4317\"; expected host:port,"
                + " http://host:port or https://host:port, or empty for the value of"
                + " OTEL_EXPORTER_OTLP_ENDPOINT",
            Map.of("exporters.otlp[0].host", "http://a b")),
        wrong(
            "exporters.prometheus[0].listen_ip: invalid value \"192.0.2.1\"; expected an"
                + " address of this machine, such as 127.0.0.1",
            Map.of("exporters.prometheus[0].listen_ip", "192.0.2.1")),
        wrong(
            "exporters.prometheus[0].address: is unknown; expected name, port, listen_ip,"
                + " process_metrics, go_metrics, disable_metrics, custom_metric_reporting_period",
            Map.of("exporters.prometheus[0].address", "::1")),
        wrong(
            "exporters.zipkin: is unknown; expected otlp, prometheus",
            Map.of("exporters.zipkin", List.of())),
        wrong(
            "exporters.prometheus[0].name: invalid value \"a\"; expected a name that no other"
                + " exporter has",
            Map.of("exporters.otlp[0].name", "a", "exporters.prometheus[0].name", "a")),
        wrong(
            "exporters.otlp[1]: invalid index; expected indices from 0 without a gap",
            Map.of("exporters.otlp[1].host", "a")),
        wrong(
            "exporters.otlp[0].host: is given twice; expected once",
            Map.of(
                "exporters",
                Map.of("otlp", List.of(Map.of("host", "a"))),
                "exporters.otlp[0].host",
                "b")),
        wrong(
            "layers..global: invalid path; expected names separated by dots, with list"
                + " indices such as [0]",
            Map.of("layers..global", true)),
        wrong(
            "extra_config: invalid value \"x\"; expected a block of keys and values",
            Map.of("extra_config", "x")),
        wrong(
            "layer: is unknown; expected service_name, service_version, deploy_env, exporters,"
                + " layers, histograms, skip_paths, metric_reporting_period, trace_sample_rate, and environment"
                + " variables",
            Map.of("layer", true)));
  }

  private static Arguments wrong(String message, Map<String, ?> document) {
    if (message.startsWith("exporters")
        || message.startsWith("ext")
        || message.startsWith("telemetry/")
        || message.startsWith("layer:")) {
      return Arguments.of(message, document);
    }
    Map<String, Object> whole = new TreeMap<>(document);
    whole.put("exporters", Map.of("otlp", List.of(Map.of("host", "127.0.0.1"))));
    return Arguments.of(message, whole);
  }
}
