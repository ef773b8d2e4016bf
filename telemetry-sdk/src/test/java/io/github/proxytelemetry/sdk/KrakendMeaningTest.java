package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What KrakenD's keys do here, as far as the plain ones do not show it. */
class KrakendMeaningTest {
  private static final String SECURITY = "telemetry/opentelemetry-security";
  private static final String SECRET = "planted-secret";

  @Test
  void takesZeroForTheDefault() {
    SdkSpec sdk =
        spec(
            Map.of(
                "metric_reporting_period", 0,
                "exporters.otlp[0].host", "c",
                "exporters.otlp[0].port", 0,
                "exporters.otlp[0].custom_metric_reporting_period", 0));
    assertThat(sdk.metricInterval).isEqualTo(Duration.ofSeconds(30));
    assertThat(sdk.otlp.get(0).interval).isNull();
    assertThat(sdk.otlp.get(0).endpoint).isEqualTo("c:4317");
  }

  @ParameterizedTest
  @CsvSource({"own, root, own", ", root, root", ", , KrakenD"})
  void takesTheNameOfTheDocument_whereTheServiceHasNone(String own, String root, String expected) {
    Map<String, Object> block = new HashMap<>();
    block.put("exporters", Map.of("otlp", List.of(Map.of("host", "c"))));
    Map<String, Object> document = new HashMap<>();
    document.put("extra_config", Map.of("telemetry/opentelemetry", block));
    if (own != null) {
      block.put("service_name", own);
    }
    if (root != null) {
      document.put("name", root);
    }
    assertThat(spec(document).resource).containsEntry("service.name", expected);
  }

  @Test
  void keepsTheNameOfTheEnvironment_beforeThatOfKrakend() {
    SdkSpec sdk =
        ProxyTelemetrySdk.builder(
                Configuration.of(
                    Map.of("exporters.otlp[0].host", "c"),
                    Map.of(),
                    Map.of("OTEL_SERVICE_NAME", "edge")))
            .spec;
    assertThat(sdk.resource).containsEntry("service.name", "edge");
  }

  @Test
  void tellsTheEnvironmentByBothItsKeys() {
    assertThat(spec(Map.of("deploy_env", "test", "exporters.otlp[0].host", "c")).resource)
        .containsEntry("deployment.environment.name", "test")
        .containsEntry("deployment.environment", "test");
  }

  @ParameterizedTest
  @CsvSource({"'', global_response_latency_seconds", "1.27, http_server_request_duration_seconds"})
  void hasTheBucketsAndTheNamesThatItAsksFor(String version, String metric) throws Exception {
    String body =
        scrape(
            Map.of(
                "exporters.prometheus[0].port",
                0,
                "histograms.time_buckets",
                List.of(0.125, 3),
                "histograms.size_buckets",
                List.of(77),
                "layers.global.semantic_convention",
                version));
    assertThat(bounds(body, metric)).containsExactly("0.125", "3.0", "+Inf");
    assertThat(body).contains("le=\"77.0\"");
    // Not a layer of KrakenD's.
    assertThat(bounds(body, "privacy_proxy_processing_duration_seconds")).hasSizeGreaterThan(3);
  }

  @Test
  void hasTheBucketsOfKrakend_whereNoneAreGiven() throws Exception {
    String body = scrape(Map.of("exporters.prometheus[0].port", 0));
    assertThat(bounds(body, "global_response_latency_seconds")).hasSize(21).contains("0.175");
    assertThat(bounds(body, "global_response_size_bytes")).hasSize(16).contains("524288.0");
    assertThat(Instrument.REQUEST_DURATION_SECONDS.buckets()).doesNotContain(0.175);
  }

  @Test
  void sendsTheCredentialsOfTheExporter() throws Exception {
    try (Collector collector = new Collector()) {
      int colon = collector.url().lastIndexOf(':');
      Map<String, Object> document =
          Map.of(
              "exporters.otlp[0].name",
              "saas",
              "exporters.otlp[0].host",
              collector.url().substring(0, colon),
              "exporters.otlp[0].port",
              collector.url().substring(colon + 1),
              "exporters.otlp[0].use_http",
              true,
              SECURITY,
              Map.of(
                  "otlp", List.of(Map.of("name", "saas", "headers", Map.of("api-key", SECRET)))));
      try (ProxyTelemetrySdk telemetry = Configurations.map(document).build()) {
        Configurations.drive(telemetry, new Headers());
      }
      assertThat(collector.headers("/v1/traces", "api-key")).isNotEmpty().containsOnly(SECRET);
      assertThat(collector.headers("/v1/metrics", "api-key")).isNotEmpty().containsOnly(SECRET);
    }
  }

  @Test
  void tellsOnceWhatHasNoEffect_withoutTheValues() {
    Map<String, Object> block =
        Map.of(
            "exporters",
            Map.of(
                "otlp", List.of(Map.of("host", "c")),
                "prometheus", List.of(Map.of("custom_metric_reporting_period", 5))),
            "layers",
            Map.of(
                "global", Map.of("report_headers", true, "skip_headers", List.of(SECRET)),
                "proxy", Map.of("report_headers", false)));
    Map<String, Object> endpoint =
        Map.of(
            "extra_config",
            Map.of("telemetry/opentelemetry", Map.of("proxy", Map.of())),
            "backend",
            List.of(Map.of(), Map.of("extra_config", Map.of("telemetry/opentelemetry", Map.of()))));
    Map<String, Object> document =
        Map.of(
            "endpoints",
            List.of(Map.of(), endpoint),
            "extra_config",
            Map.of(
                "telemetry/opentelemetry",
                block,
                SECURITY,
                Map.of(
                    "otlp",
                    List.of(Map.of("name", "none", "headers", Map.of("api-key", SECRET))))));
    assertThat(LogLines.of(() -> spec(document)))
        .containsExactly(
            "Settings without effect on this telemetry:"
                + " exporters.prometheus[0].custom_metric_reporting_period (Prometheus itself"
                + " decides when it scrapes), telemetry/opentelemetry-security.otlp[0].headers.api-key"
                + " (no exporter has its name), endpoints[1] (layers are the same for all endpoints"
                + " and backends), endpoints[1].backend[1] (layers are the same for all endpoints and"
                + " backends), layers.global.report_headers (no header is reported but those of"
                + " Capture.builder().requestHeaders(...)), layers.global.skip_headers (only headers"
                + " that are named are reported)");
  }

  @Test
  void tellsNothing_whereAllHasAnEffect() {
    assertThat(LogLines.of(() -> spec(Map.of("exporters.otlp[0].host", "c")))).isEmpty();
  }

  private static SdkSpec spec(Map<String, ?> map) {
    return Configurations.map(map).spec;
  }

  private static String scrape(Map<String, ?> map) throws Exception {
    try (ProxyTelemetrySdk telemetry = Configurations.map(map).build()) {
      Configurations.drive(telemetry, new Headers());
      URI uri =
          URI.create(
              "http://127.0.0.1:"
                  + telemetry.prometheusAddress("prometheus").getPort()
                  + "/metrics");
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Configurations.LIMIT).build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
  }

  /** Bucket bounds of a histogram's first series. */
  private static List<String> bounds(String body, String metric) {
    return body.lines()
        .filter(line -> line.startsWith(metric + "_bucket{"))
        .map(line -> line.replaceAll(".*le=\"([^\"]*)\".*", "$1"))
        .distinct()
        .toList();
  }
}
