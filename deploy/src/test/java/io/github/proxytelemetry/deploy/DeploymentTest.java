package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.RealCollector;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Two replicas, a collector of the first tier, one of the second, and Prometheus, with the files of
 * this folder but for the addresses in them.
 */
@RequiresProgram({"otelcol", "prometheus3"})
class DeploymentTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final SeriesNames NAMES =
      new SeriesNames("privacy-proxy", MetricNaming.PRIVACY_PROXY);

  private static final String FIRST_TIER =
      """
      receivers:
        otlp:
          protocols:
            grpc:
              endpoint: %s
      """;

  private static final String SECOND_TIER =
      """
      receivers:
        otlp:
          protocols:
            grpc:
              endpoint: %s
            http:
              endpoint: %s
      exporters:
        prometheus:
          endpoint: %s
        otlp:
          endpoint: %s
      """;

  private final String entry = address();
  private final String second = address();
  private final String scraped = address();

  DeploymentTest() throws IOException {}

  @Test
  @SuppressWarnings("try") // The collectors are there to run, and to be closed.
  void bringsReplicasToTheDashboards_andTracesToJaeger() throws Exception {
    try (OtlpGrpcReceiver jaeger = OtlpGrpcReceiver.start();
        RealCollector secondTier =
            RealCollector.start(
                Files.readString(Path.of("collector", "collector.yaml")),
                SECOND_TIER.formatted(second, address(), scraped, jaeger.endpoint()));
        RealCollector firstTier = RealCollector.start(firstTier(), FIRST_TIER.formatted(entry));
        ProxyTelemetrySdk left = replica("left");
        ProxyTelemetrySdk right = replica("right");
        RealPrometheus prometheus = RealPrometheus.start("prometheus3", scrapeConfigs())) {
      ScriptedTraffic.run(left);
      ScriptedTraffic.run(right);
      String each = "sum by (job, instance) (privacy_proxy_requests_total) > 0";
      Map<Map<String, String>, Double> seen = prometheus.awaitQuery(each, LIMIT, 2);
      assertThat(seen.keySet())
          .containsExactlyInAnyOrder(
              Map.of("job", "edge", "instance", "left"),
              Map.of("job", "edge", "instance", "right"));
      ScriptedTraffic.run(left);
      ScriptedTraffic.run(right);

      List<String> queries = Queries.of("overview", NAMES, "left");
      queries.addAll(Queries.of("depth", NAMES, "right"));
      assertThat(Queries.withoutAnswer(queries, prometheus)).isEmpty();
      jaeger.received().await(LIMIT, received -> received.spans().size() >= 4);
    }
  }

  private ProxyTelemetrySdk replica(String name) {
    return ProxyTelemetrySdk.builder("edge")
        .resourceAttribute("service.instance.id", name)
        .otlp(entry)
        .metricInterval(Duration.ofSeconds(1))
        .sampling(Sampling.always())
        .build();
  }

  /** The tests' collector has no load balancing: in its place each exporter has one destination. */
  private String firstTier() throws IOException {
    JsonNode file = Yaml.of("collector", "first-tier.yaml");
    ObjectNode exporters = (ObjectNode) file.path("exporters");
    assertThat(exporters.at("/loadbalancing~1traces/routing_key").asText()).isEqualTo("traceID");
    assertThat(exporters.at("/loadbalancing~1metrics/routing_key").asText()).isEqualTo("resource");
    for (String signal : List.of("traces", "metrics")) {
      JsonNode balancing = exporters.remove("loadbalancing/" + signal);
      assertThat(balancing.at("/resolver/dns/hostname").asText()).isNotEmpty();
      ObjectNode otlp = (ObjectNode) balancing.at("/protocol/otlp");
      exporters.set("otlp/" + signal, otlp.put("endpoint", second));
    }
    return file.toString().replace("loadbalancing/", "otlp/");
  }

  private String scrapeConfigs() throws IOException {
    String file = Files.readString(Path.of("prometheus", "prometheus.yml"));
    assertThat(file).contains("'collector:8889'");
    return file.substring(file.indexOf("scrape_configs:")).replace("collector:8889", scraped);
  }

  private static String address() throws IOException {
    return "127.0.0.1:" + FreePort.next();
  }
}
