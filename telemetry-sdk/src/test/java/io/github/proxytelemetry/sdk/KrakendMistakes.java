package io.github.proxytelemetry.sdk;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Documents that are wrong, each with what is said about it. */
final class KrakendMistakes {
  private KrakendMistakes() {}

  static Stream<Arguments> all() {
    return Stream.of(
        wrong(
            "layers.backend.metrics.round_trip: was \"yes\", allowed are true and false",
            Map.of("layers.backend.metrics.round_trip", "yes")),
        wrong(
            "layers.backend.metrics.round_trip: was \"1\", allowed are true and false",
            Map.of("layers", Map.of("backend", Map.of("metrics", Map.of("round_trip", 1))))),
        wrong(
            "layers.backend.metrics.roundtrip: is unknown, allowed are disable_stage, round_trip,"
                + " read_payload, detailed_connection, static_attributes, report_headers",
            Map.of("layers.backend.metrics.roundtrip", true)),
        wrong(
            "layers.global.disable: is unknown, allowed are disable_metrics, disable_traces,"
                + " disable_propagation, report_headers, metrics_static_attributes,"
                + " traces_static_attributes",
            Map.of("layers.global.disable", true)),
        wrong(
            "layers.router: is unknown, allowed are global, proxy, backend",
            Map.of("layers", Map.of("router", Map.of()))),
        wrong(
            "layers.proxy: was \"on\", allowed is a block of keys and values",
            Map.of("layers", Map.of("proxy", "on"))),
        wrong(
            "layers.proxy.report_headers: was \"true\", allowed is false: name the headers with"
                + " captureRequestHeaders instead",
            Map.of("layers.proxy.report_headers", true)),
        wrong(
            "layers.backend.traces.static_attributes[1].key: was \"a\", allowed are keys that no"
                + " other attribute has",
            Map.of(
                "layers.backend.traces.static_attributes",
                List.of(Map.of("key", "a", "value", "1"), Map.of("key", "a", "value", "2")))),
        wrong("service_name: was \"5\", allowed is text", Map.of("service_name", 5)),
        wrong("skip_paths: was \"/a\", allowed is a list", Map.of("skip_paths", "/a")),
        wrong(
            "skip_paths[0]: was \"a\", allowed are paths such as /foo/{bar}, and those that end in"
                + " / for all below",
            Map.of("skip_paths", List.of("a"))),
        wrong(
            "metric_reporting_period: was \"0\", allowed are whole numbers from 1 to 86400",
            Map.of("metric_reporting_period", 0)),
        wrong(
            "trace_sample_rate: was \"100\", allowed are numbers from 0.0 to 1.0",
            Map.of("trace_sample_rate", 100)),
        wrong(
            "exporters.otlp[0].port: was \"99999\", allowed are whole numbers from 1 to 65535",
            Map.of("exporters.otlp[0].port", 99999)),
        wrong(
            "exporters.otlp[0].host: was \"http://a b:4317\", allowed are host:port,"
                + " http://host:port and https://host:port, or empty for what"
                + " OTEL_EXPORTER_OTLP_ENDPOINT says",
            Map.of("exporters.otlp[0].host", "http://a b")),
        wrong(
            "exporters.prometheus[0].listen_ip: was \"192.0.2.1\", allowed are addresses of this"
                + " machine, such as 127.0.0.1",
            Map.of("exporters.prometheus[0].listen_ip", "192.0.2.1")),
        wrong(
            "exporters.prometheus[0].address: is unknown, allowed are name, port, listen_ip,"
                + " process_metrics, go_metrics, disable_metrics",
            Map.of("exporters.prometheus[0].address", "::1")),
        wrong(
            "exporters.zipkin: is unknown, allowed are otlp, prometheus",
            Map.of("exporters.zipkin", List.of())),
        wrong(
            "exporters.prometheus[0].name: was \"a\", allowed are names that no other exporter has",
            Map.of("exporters.otlp[0].name", "a", "exporters.prometheus[0].name", "a")),
        wrong(
            "exporters.otlp[1]: allowed are indices from 0 on, with none left out",
            Map.of("exporters.otlp[1].host", "a")),
        wrong(
            "exporters.otlp[0].host: was given twice, allowed is once",
            Map.of(
                "exporters",
                Map.of("otlp", List.of(Map.of("host", "a"))),
                "exporters.otlp[0].host",
                "b")),
        wrong(
            "layers..global: is no path, allowed are names separated by dots, with list indices"
                + " such as [0]",
            Map.of("layers..global", true)),
        wrong(
            "extra_config: was \"x\", allowed is a block of keys and values",
            Map.of("extra_config", "x")),
        wrong(
            "layer: is unknown, allowed are service_name, service_version, deploy_env, exporters,"
                + " layers, skip_paths, metric_reporting_period, trace_sample_rate, and environment"
                + " variables",
            Map.of("layer", true)));
  }

  private static Arguments wrong(String message, Map<String, ?> document) {
    if (message.startsWith("exporters")
        || message.startsWith("ext")
        || message.startsWith("layer:")) {
      return Arguments.of(message, document);
    }
    Map<String, Object> whole = new TreeMap<>(document);
    whole.put("exporters", Map.of("otlp", List.of(Map.of("host", "127.0.0.1"))));
    return Arguments.of(message, whole);
  }
}
