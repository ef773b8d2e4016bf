package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a deployment is made of name files and services that exist. */
class ConfigurationFilesTest {
  private static final Path HERE = Path.of("");

  @Test
  void composeMountsWhatExists() throws IOException {
    JsonNode services = Yaml.of("compose.yaml").path("services");
    assertThat(services.properties())
        .extracting(service -> service.getKey())
        .containsExactlyInAnyOrder("collector", "prometheus", "jaeger", "grafana");
    for (JsonNode service : services) {
      for (JsonNode volume : service.path("volumes")) {
        assertThat(HERE.resolve(volume.asText().split(":", 2)[0])).exists();
      }
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asText()).startsWith("127.0.0.1:");
      }
      assertThat(service.path("image").asText()).doesNotEndWith("latest").contains(":");
    }
  }

  /** The last step of the way, which no test runs: what Grafana reads, and whom it asks. */
  @Test
  void grafanaReadsTheDashboards_andAsksPrometheus() throws IOException {
    JsonNode services = Yaml.of("compose.yaml").path("services");
    Map<String, String> mounted = new HashMap<>();
    for (JsonNode volume : services.at("/grafana/volumes")) {
      String[] parts = volume.asText().split(":", 3);
      mounted.put(parts[1], parts[0]);
    }
    // Where the image looks for its provisioning.
    assertThat(mounted).containsEntry("/etc/grafana/provisioning", "./grafana/provisioning");
    JsonNode provider =
        Yaml.of("grafana", "provisioning", "dashboards", "proxy-telemetry.yaml").at("/providers/0");
    String folder = mounted.get(provider.at("/options/path").asText());
    assertThat(folder).isEqualTo("./grafana/dashboards/privacy-proxy");
    JsonNode source =
        Yaml.of("grafana", "provisioning", "datasources", "prometheus.yaml").at("/datasources/0");
    assertThat(source.path("isDefault").asBoolean()).isTrue();
    URI asked = URI.create(source.path("url").asText());
    assertThat(services.at("/" + asked.getHost() + "/image").asText()).startsWith("prom/");
    assertThat(services.at("/" + asked.getHost() + "/ports/0").asText())
        .endsWith(":" + asked.getPort());
    for (Dashboards.Dashboard dashboard : Dashboards.all()) {
      Path file = HERE.resolve(folder).resolve(dashboard.file() + ".json");
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      assertThat(json.at("/templating/list/0/query")).isEqualTo(source.path("type"));
      assertThat(json.path("panels"))
          .isNotEmpty()
          .allSatisfy(
              panel -> assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}"));
    }
  }

  @Test
  @RequiresProgram("promtool")
  void prometheusTakesItsConfiguration(@TempDir Path folder) throws Exception {
    Files.copy(Path.of("prometheus", "prometheus.yml"), folder.resolve("prometheus.yml"));
    Files.copy(Path.of("prometheus", "privacy-proxy", "rules.yml"), folder.resolve("rules.yml"));
    Program check =
        Program.run(
            List.of("promtool", "check", "config", folder.resolve("prometheus.yml").toString()));
    assertThat(check.exitCode()).as(check.output()).isZero();
  }

  @Test
  @RequiresProgram("otelcol")
  void collectorTakesItsConfiguration() throws Exception {
    Program check =
        Program.run(List.of("otelcol", "validate", "--config=collector/collector.yaml"));
    assertThat(check.exitCode()).as(check.output()).isZero();
  }

  @Test
  void kubernetesDocumentsAreWhole() throws IOException {
    List<JsonNode> documents = Yaml.documents("kubernetes/proxy.yaml");
    assertThat(documents)
        .extracting(document -> document.path("kind").asText())
        .containsExactly("Deployment", "Service", "ServiceMonitor", "NetworkPolicy");
  }
}
