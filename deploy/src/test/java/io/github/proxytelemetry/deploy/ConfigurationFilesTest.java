package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
