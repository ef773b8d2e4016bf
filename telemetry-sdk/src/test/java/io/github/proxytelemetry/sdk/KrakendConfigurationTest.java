package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.testbed.DocumentedConfiguration;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** KrakenD's own example, with the two ports made free ones. */
class KrakendConfigurationTest {
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final String NAMESPACE = "telemetry/opentelemetry";

  private OtlpGrpcReceiver collector;

  @BeforeEach
  void start() throws Exception {
    collector = OtlpGrpcReceiver.start();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  @Test
  void takesTheWholeDocument() throws Exception {
    check(document());
  }

  @Test
  void takesItsInnerBlock() throws Exception {
    check(inner());
  }

  @Test
  void takesYaml() throws Exception {
    Object yaml = new Load(LoadSettings.builder().build()).loadFromString(json());
    check(block(yaml));
    Object own =
        new Load(LoadSettings.builder().build())
            .loadFromString(
                Configurations.resource("krakend.yaml")
                    .replace("9092", "0")
                    .replace("4317", port()));
    check(block(own));
  }

  @Test
  void takesFlatProperties() throws Exception {
    Properties properties = new Properties();
    flatten("", inner(), properties);
    assertThat(properties).containsEntry("layers.backend.metrics.round_trip", "true");
    assertThat(properties).containsEntry("exporters.otlp[0].host", "localhost");
    ProxyTelemetrySdkBuilder builder = ProxyTelemetrySdk.builder(Configuration.of(properties));
    check(builder);
  }

  @Test
  void takesFlatPathsBesideBlocks() throws Exception {
    Map<String, Object> map = inner();
    map.put("exporters.otlp[1].host", "localhost");
    map.put("exporters.otlp[1].port", Integer.parseInt(port()));
    try (ProxyTelemetrySdk telemetry = Configurations.map(map).build()) {
      assertThat(telemetry.toString()).isEqualTo("ProxyTelemetrySdk(4 exports, 1 listeners)");
    }
  }

  private void check(Map<String, ?> map) throws Exception {
    check(Configurations.map(map));
  }

  private void check(ProxyTelemetrySdkBuilder builder) throws Exception {
    try (ProxyTelemetrySdk telemetry = builder.build()) {
      ExchangeObservation skipped =
          telemetry.startExchange(new Request("GET", "/foo/7", new Headers()));
      skipped.responseStarted(503);
      skipped.end();
      Configurations.drive(telemetry, new Headers());
      assertThat(scrape(telemetry.prometheusAddress("my_prometheus")))
          .contains("global_response_latency")
          .doesNotContain("jvm_")
          .doesNotContain("http_response_status_code=\"503\"");
      collector
          .received()
          .await(
              Configurations.LIMIT,
              received ->
                  received.metricNames().contains("global-response-latency")
                      && received.metricNames().contains("response-latency")
                      && !received.spans().isEmpty());
    }
    assertThat(collector.received().resource())
        .containsEntry("service.name", "krakend_middle_service")
        .containsEntry("service.version", "commit-sha-ACBDE1234")
        .containsEntry("deployment.environment.name", "production");
    assertThat(collector.received().metric("response-latency").keySet())
        .isNotEmpty()
        .allSatisfy(
            labels -> assertThat(labels).containsEntry("my_metric_attr", "my_middle_metric"));
  }

  private static String scrape(InetSocketAddress address) throws Exception {
    assertThat(address.getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
    URI uri = URI.create("http://[::1]:" + address.getPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Configurations.LIMIT).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  private Map<String, Object> document() throws JsonProcessingException {
    return new ObjectMapper().readValue(json(), MAP);
  }

  private Map<String, Object> inner() throws JsonProcessingException {
    return block(block(document().get("extra_config")).get(NAMESPACE));
  }

  private String json() {
    return DocumentedConfiguration.KRAKEND.text().replace("9092", "0").replace("4317", port());
  }

  private String port() {
    return collector.endpoint().substring(collector.endpoint().lastIndexOf(':') + 1);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> block(Object value) {
    return (Map<String, Object>) value;
  }

  private static void flatten(String key, Object value, Properties properties) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, member) ->
              flatten(key.isEmpty() ? "" + name : key + '.' + name, member, properties));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        flatten(key + '[' + i + ']', list.get(i), properties);
      }
    } else {
      properties.setProperty(key, String.valueOf(value));
    }
  }
}
