package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.sdk.export.OtlpSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of {@code OTEL_EXPORTER_OTLP_*} on exporters that another configuration makes. */
class ForeignCredentialsTest {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20t0ken,x-tenant=a",
          "OTEL_EXPORTER_OTLP_TIMEOUT", "2500",
          "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");

  static Stream<Map<String, String>> foreign() {
    return Stream.of(
        Map.of("exporters.otlp[0].host", "https://c"),
        Map.of("PROXY_TELEMETRY_ENDPOINT", "c:1", "PROXY_TELEMETRY_PROTOCOL", "https"),
        Map.of("PROXY_TRACING_ENABLED", "1", "PROXY_TRACING_ENDPOINT", "https://c:1"));
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void haveThem(Map<String, String> foreign) {
    Map<String, String> map = new HashMap<>(OPTIONS);
    map.putAll(foreign);
    map.put("OTEL_EXPORTER_OTLP_CERTIFICATE", "roots.pem");
    map.put("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "client.pem");
    map.put("OTEL_EXPORTER_OTLP_CLIENT_KEY", "key.pem");
    OtlpSpec otlp = only(map);
    assertThat(otlp.headers).isEqualTo(Map.of("authorization", "Bearer t0ken", "x-tenant", "a"));
    assertThat(otlp.timeout).isEqualTo(Duration.ofMillis(2500));
    assertThat(otlp.gzip).isTrue();
    assertThat(otlp.tls).isNotNull();
    assertThat(otlp.tls.trusted()).isNotNull();
    assertThat(otlp.tls.certificate()).isNotNull();
    assertThat(otlp.tls.key()).isNotNull();
  }

  @Test
  void reachTheCollector() throws Exception {
    try (Collector collector = new Collector()) {
      int colon = collector.url().lastIndexOf(':');
      Map<String, Object> map = new HashMap<>(OPTIONS);
      map.put("exporters.otlp[0].host", collector.url().substring(0, colon));
      map.put("exporters.otlp[0].port", collector.url().substring(colon + 1));
      map.put("exporters.otlp[0].use_http", true);
      try (ProxyTelemetrySdk telemetry = Configurations.map(map).build()) {
        Configurations.drive(telemetry, new Headers());
      }
      for (String path : List.of("/v1/traces", "/v1/metrics")) {
        assertThat(collector.headers(path, "Authorization")).containsOnly("Bearer t0ken");
        assertThat(collector.headers(path, "Content-Encoding")).containsOnly("gzip");
      }
    }
  }

  @Test
  void doNotReplaceThoseThatTheForeignConfigurationHas() {
    Map<String, Object> map = new HashMap<>(OPTIONS);
    map.put("exporters.otlp[0].name", "saas");
    map.put("exporters.otlp[0].host", "https://c");
    map.put(
        "telemetry/opentelemetry-security",
        Map.of("otlp", List.of(Map.of("name", "saas", "headers", Map.of("Authorization", "own")))));
    assertThat(only(map).headers).isEqualTo(Map.of("Authorization", "own", "x-tenant", "a"));
    OtlpSpec imgproxy =
        only(
            Map.of(
                "PROXY_TELEMETRY_ENDPOINT", "c:1",
                "PROXY_TELEMETRY_SERVER_CERT", "own roots",
                "OTEL_EXPORTER_OTLP_CERTIFICATE", "roots.pem",
                "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "client.pem",
                "OTEL_EXPORTER_OTLP_CLIENT_KEY", "key.pem"));
    assertThat(imgproxy.tls).isNotNull();
    assertThat(imgproxy.tls.trusted()).isNotNull();
    assertThat(imgproxy.tls.certificate()).isNotNull();
  }

  /** One exporter can have one set of them only. */
  @Test
  void splitAnExporter_whereTheSignalsDiffer() {
    Map<String, Object> map = new HashMap<>(OPTIONS);
    map.put("exporters.otlp[0].name", "saas");
    map.put("exporters.otlp[0].host", "c");
    map.put("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "authorization=m");
    List<OtlpSpec> otlp = Configurations.map(map).spec.otlp;
    assertThat(otlp).extracting(each -> each.name).containsExactly("saas-traces", "saas-metrics");
    assertThat(otlp).extracting(each -> each.traces).containsExactly(true, false);
    assertThat(otlp).extracting(each -> each.metrics).containsExactly(false, true);
    assertThat(otlp)
        .extracting(each -> each.headers.get("authorization"))
        .containsExactly("Bearer t0ken", "m");
  }

  @Test
  void sayThatACertificateHasNoEffect_overPlaintext() {
    Map<String, Object> map =
        Map.of("exporters.otlp[0].host", "c", "OTEL_EXPORTER_OTLP_CERTIFICATE", "roots.pem");
    assertThat(LogLines.of(() -> assertThat(only(map).tls).isNull()))
        .containsExactly(
            "Settings without effect on this telemetry: OTEL_EXPORTER_OTLP_CERTIFICATE (for"
                + " exporters.otlp[0].host, which is plaintext)");
  }

  private static OtlpSpec only(Map<String, ?> map) {
    List<OtlpSpec> otlp = Configurations.map(map).spec.otlp;
    assertThat(otlp).hasSize(1);
    return otlp.get(0);
  }
}
