package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations on the page about exporting are consistent. */
class ExportingPageTest {
  private static final Pattern YAML =
      Pattern.compile("^```yaml\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern SECTION = Pattern.compile("(?m)^([a-z_]+):");
  private static final Pattern MEMBER = Pattern.compile("(?m)^  ([a-z_/]+):");
  private static final Pattern USED =
      Pattern.compile("(?m)^ +(receivers|processors|exporters): \\[([^]]+)]$");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InfluxDB",
        "Prometheus",
        "Datadog",
        "Zipkin",
        "Jaeger",
        "Azure Monitor",
        "Grafana Tempo"
      })
  void hasASnippetForEveryIntegration(String name) throws IOException {
    String[] sections = page().split("(?m)^### ", -1);
    assertThat(sections)
        .filteredOn(section -> section.startsWith(name + "\n"))
        .singleElement()
        .asString()
        .contains("```");
  }

  @Test
  void pipelinesUseWhatIsDeclared() throws IOException {
    List<String> blocks = yaml().stream().filter(block -> block.contains("pipelines:")).toList();
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(5);
    Set<String> common = declared(blocks.get(0), "receivers");
    for (String block : blocks) {
      Matcher used = USED.matcher(block);
      int count = 0;
      while (used.find()) {
        Set<String> known = new HashSet<>(declared(block, used.group(1)));
        if (used.group(1).equals("receivers")) {
          known.addAll(common);
        }
        assertThat(known).as(block).contains(used.group(2).split(", ", -1));
        count++;
      }
      assertThat(count).as(block).isPositive();
    }
  }

  @Test
  @RequiresProgram("promtool")
  void prometheusTakesItsConfiguration(@TempDir Path directory) throws Exception {
    List<String> blocks =
        yaml().stream().filter(block -> block.startsWith("scrape_configs:")).toList();
    assertThat(blocks).hasSize(2);
    for (String block : blocks) {
      Path file = Files.writeString(directory.resolve("prometheus.yml"), block);
      Program check = Program.run(List.of("promtool", "check", "config", file.toString()));
      assertThat(check.exitCode()).as(check.output()).isZero();
    }
  }

  private static Set<String> declared(String block, String section) {
    Set<String> names = new HashSet<>();
    Matcher start = SECTION.matcher(block);
    while (start.find()) {
      if (start.group(1).equals(section)) {
        String rest = block.substring(start.end());
        Matcher next = SECTION.matcher(rest);
        Matcher member = MEMBER.matcher(next.find() ? rest.substring(0, next.start()) : rest);
        while (member.find()) {
          names.add(member.group(1));
        }
      }
    }
    return names;
  }

  private static List<String> yaml() throws IOException {
    return YAML.matcher(page()).results().map(block -> block.group(1)).toList();
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("exporting.md"));
  }
}
