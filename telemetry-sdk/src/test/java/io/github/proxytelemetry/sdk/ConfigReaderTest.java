package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specification that a configuration fills. */
class ConfigReaderTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @Test
  void sendsAllSignalsThroughOneExporter() {
    OtlpSpec options = only(environment(Map.of(ENDPOINT, "https://c:4317")));
    assertThat(options.endpoint).isEqualTo("https://c:4317");
    assertThat(options.traces).isTrue();
    assertThat(options.metrics).isTrue();
    assertThat(options.http).isFalse();
  }

  @Test
  void sendsEachSignalByItself_whereOneDiffers() {
    List<OtlpSpec> otlp =
        environment(
                Map.of(
                    ENDPOINT,
                    "http://c:4317",
                    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
                    "http://m:4318",
                    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
                    "http/protobuf",
                    "OTEL_EXPORTER_OTLP_TIMEOUT",
                    "2000",
                    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
                    "3000"))
            .otlp;
    assertThat(otlp)
        .extracting(options -> options.name)
        .containsExactly("otlp-traces", "otlp-metrics");
    assertThat(otlp).extracting(options -> options.traces).containsExactly(true, false);
    assertThat(otlp).extracting(options -> options.metrics).containsExactly(false, true);
    assertThat(otlp).extracting(options -> options.http).containsExactly(false, true);
    assertThat(otlp)
        .extracting(options -> options.timeout)
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3));
    // The specification: the URL of one signal is used as it is.
    assertThat(otlp).extracting(options -> options.exact).containsExactly(false, true);
  }

  @Test
  void takesAUrlForAllSignalsAsABase_overHttp() {
    List<OtlpSpec> otlp =
        environment(
                Map.of(ENDPOINT, "https://c/in/", "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"))
            .otlp;
    assertThat(otlp)
        .extracting(options -> options.endpoint)
        .containsExactly("https://c/in/v1/traces", "https://c/in/v1/metrics");
  }

  @ParameterizedTest
  @CsvSource({"grpc, http://localhost:4317", "http/protobuf, http://localhost:4318"})
  void asksTheMachineItself_whereNoEndpointIsSaid(String protocol, String endpoint) {
    Map<String, String> environment =
        Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    assertThat(only(environment(environment)).endpoint).isEqualTo(endpoint);
  }

  @ParameterizedTest
  @CsvSource({"true, http://c:4317", "TRUE, http://c:4317", "false, https://c:4317"})
  void choosesTheScheme_whereTheEndpointHasNone(String insecure, String endpoint) {
    Map<String, String> environment =
        Map.of(ENDPOINT, "c:4317", "OTEL_EXPORTER_OTLP_INSECURE", insecure);
    assertThat(only(environment(environment)).endpoint).isEqualTo(endpoint);
  }

  @Test
  void decodesHeadersAndAttributes() {
    SdkSpec sdk =
        environment(
            Map.of(
                ENDPOINT,
                "c:4317",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=a%20b%3Dc%2C+, x = y=z ,",
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                "gzip",
                "OTEL_RESOURCE_ATTRIBUTES",
                "service.name=less,team=%C3%A9t%C3%A9",
                "OTEL_SERVICE_NAME",
                "edge"));
    assertThat(only(sdk).headers).isEqualTo(Map.of("api-key", "a b=c,+", "x", "y=z"));
    assertThat(only(sdk).gzip).isTrue();
    assertThat(sdk.resource).isEqualTo(Map.of("service.name", "edge", "team", "été"));
  }

  @Test
  void opensAListener_whereItIsAskedFor() {
    SdkSpec sdk =
        environment(
            Map.of(
                "OTEL_METRICS_EXPORTER", "otlp, prometheus",
                "OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1",
                "OTEL_EXPORTER_PROMETHEUS_PORT", "9999"));
    assertThat(sdk.prometheus).hasSize(1);
    assertThat(sdk.prometheus.get(0).host).isEqualTo("127.0.0.1");
    assertThat(sdk.prometheus.get(0).port).isEqualTo(9999);
    assertThat(only(sdk).traces).isFalse();
  }

  @Test
  void exportsNothing_whereThatIsAskedForOrNothingIs() {
    assertThat(environment(Map.of()).hasExporters()).isFalse();
    assertThat(environment(Map.of("OTEL_UNKNOWN", "x", "PATH", "y")).hasExporters()).isFalse();
    assertThat(
            environment(
                    Map.of(
                        ENDPOINT,
                        "c:1",
                        "OTEL_TRACES_EXPORTER",
                        "none",
                        "OTEL_METRICS_EXPORTER",
                        "none"))
                .hasExporters())
        .isFalse();
  }

  @Test
  void prefersCallsToMapsToPropertiesToVariables() {
    Map<String, String> variables =
        Map.of(
            ENDPOINT, "variable:1", "OTEL_SERVICE_NAME", "variable", "PROXY_TRACING_ENABLED", "");
    Map<String, String> properties =
        Map.of("otel.exporter.otlp.endpoint", "property:1", "otel.service.name", "property");
    assertThat(only(configured(Map.of(), Map.of(), variables)).endpoint).isEqualTo("variable:1");
    assertThat(only(configured(Map.of(), properties, variables)).endpoint).isEqualTo("property:1");
    assertThat(only(configured(Map.of(ENDPOINT, "map:1"), properties, variables)).endpoint)
        .isEqualTo("map:1");
    // Empty is as good as not there.
    assertThat(only(configured(Map.of(ENDPOINT, " "), properties, variables)).endpoint)
        .isEqualTo("property:1");
    SdkSpec called =
        ProxyTelemetrySdk.builder(
                Configuration.of(
                        Map.of(
                            "service_name", "map",
                            "deploy_env", "test",
                            "metric_reporting_period", 9,
                            "OTEL_PROPAGATORS", "b3"),
                        properties,
                        Map.of("IMGPROXY_OPEN_TELEMETRY_TRACE_ID_GENERATOR", "xray"))
                    .withTelemetryPrefix("IMGPROXY_OPEN_TELEMETRY_"))
            .resourceAttribute("service.name", "call")
            .metricInterval(Duration.ofSeconds(1))
            .propagators("none")
            .traceIdGenerator(TraceIdGenerator.RANDOM)
            .spec;
    assertThat(called.resource)
        .isEqualTo(
            Map.of(
                "service.name", "call",
                "deployment.environment.name", "test",
                "deployment.environment", "test"));
    assertThat(called.metricInterval).isEqualTo(Duration.ofSeconds(1));
    assertThat(called.propagators).isNotNull();
    assertThat(called.propagators.fields()).isEmpty();
    assertThat(called.xrayIds).isFalse();
  }

  @Test
  void takesTheDefaultsOfKrakend() {
    SdkSpec sdk =
        map(
            Map.of(
                "exporters",
                Map.of("otlp", List.of(Map.of("host", "::1")), "prometheus", List.of(Map.of()))));
    assertThat(only(sdk).endpoint).isEqualTo("[::1]:4317");
    assertThat(only(sdk).http).isFalse();
    assertThat(sdk.prometheus.get(0).host).isEqualTo("127.0.0.1");
    assertThat(sdk.prometheus.get(0).port).isEqualTo(9090);
    assertThat(sdk.prometheus.get(0).jvmMetrics).isFalse();
    assertThat(sdk.prometheus.get(0).processMetrics).isFalse();
  }

  @Test
  void takesAllThatKrakendSaysOfExporters() {
    SdkSpec sdk =
        map(
            Map.of(
                "metric_reporting_period",
                15,
                "exporters.otlp[0].name",
                "tempo",
                "exporters.otlp[0].host",
                "https://c",
                "exporters.otlp[0].port",
                "4318",
                "exporters.otlp[0].use_http",
                "true",
                "exporters.otlp[0].disable_metrics",
                true,
                "exporters.otlp[0].custom_metric_reporting_period",
                5,
                "exporters.prometheus[0].process_metrics",
                true,
                "exporters.prometheus[0].go_metrics",
                true,
                "exporters.prometheus[1].disable_metrics",
                true));
    OtlpSpec otlp = only(sdk);
    assertThat(otlp.name).isEqualTo("tempo");
    assertThat(otlp.endpoint).isEqualTo("https://c:4318");
    assertThat(otlp.http).isTrue();
    assertThat(otlp.metrics).isFalse();
    assertThat(otlp.traces).isTrue();
    assertThat(otlp.interval).isEqualTo(Duration.ofSeconds(5));
    assertThat(sdk.metricInterval).isEqualTo(Duration.ofSeconds(15));
    assertThat(sdk.prometheus).hasSize(1);
    assertThat(sdk.prometheus.get(0).jvmMetrics).isTrue();
    assertThat(sdk.prometheus.get(0).processMetrics).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "grpc,  ,      http://c:4317,  false",
    "grpc,  true,  http://c:4317,  false",
    "grpc,  false, https://c:4317, false",
    "https, ,      https://c:4317, true",
    "http,  ,      http://c:4317,  true"
  })
  void choosesTheSchemeOfImgproxy(String protocol, String insecure, String endpoint, boolean http) {
    OtlpSpec options =
        only(
            environment(
                Map.of(
                    "PROXY_TELEMETRY_ENDPOINT",
                    "c:4317",
                    "PROXY_TELEMETRY_PROTOCOL",
                    protocol,
                    "PROXY_TELEMETRY_GRPC_INSECURE",
                    insecure == null ? "" : insecure)));
    assertThat(options.endpoint).isEqualTo(endpoint);
    assertThat(options.http).isEqualTo(http);
    assertThat(options.metrics).isFalse();
  }

  private static OtlpSpec only(SdkSpec sdk) {
    assertThat(sdk.otlp).hasSize(1);
    return sdk.otlp.get(0);
  }

  private static SdkSpec environment(Map<String, String> variables) {
    return configured(Map.of(), Map.of(), variables);
  }

  private static SdkSpec map(Map<String, ?> map) {
    return configured(map, Map.of(), Map.of());
  }

  static SdkSpec configured(
      Map<String, ?> map, Map<String, String> properties, Map<String, String> variables) {
    return Configurations.given(map, properties, variables).spec;
  }
}
