package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.deploy.Dashboards.Dashboard;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards and rules in this folder are those of the catalogue. */
class GeneratedFilesTest {
  private static final Set<Group> DEFAULT =
      EnumSet.of(Group.CONNECTION, Group.REQUEST, Group.LATENCY, Group.TUNNEL);

  @ParameterizedTest
  @MethodSource("namings")
  void dashboardsAreUpToDate(SeriesNames names) throws IOException {
    for (Dashboard dashboard : Dashboards.all()) {
      check(
          Path.of("grafana", "dashboards", names.folder, dashboard.file() + ".json"),
          GrafanaJson.of(dashboard, names));
    }
  }

  @ParameterizedTest
  @MethodSource("namings")
  void everyDefaultMetricIsOnADashboard(SeriesNames names) throws IOException {
    for (Dashboard dashboard : Dashboards.all()) {
      assertThat(GrafanaJson.of(dashboard, names)).isNotEmpty();
    }
    List<Instrument> missing = new ArrayList<>();
    for (Instrument instrument : Instrument.values()) {
      if (DEFAULT.contains(instrument.group())
          && names.naming.name(instrument) != null
          && !names.used().contains(instrument)) {
        missing.add(instrument);
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("namings")
  void rulesAreUpToDate(SeriesNames names) throws IOException {
    check(Path.of("prometheus", names.folder, "rules.yml"), Rules.rules(names));
    check(Path.of("prometheus", names.folder, "rules_test.yml"), Rules.tests(names));
  }

  @ParameterizedTest
  @MethodSource("namings")
  @RequiresProgram("promtool")
  void everyAlertFires_andIsQuietOtherwise(SeriesNames names) throws Exception {
    Path folder = Path.of("prometheus", names.folder);
    assertThat(promtool("check", "rules", folder.resolve("rules.yml").toString()))
        .contains("SUCCESS: 14 rules found");
    assertThat(promtool("test", "rules", folder.resolve("rules_test.yml").toString()))
        .contains("SUCCESS");
  }

  static List<SeriesNames> namings() {
    return Namings.all();
  }

  private static String promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Program run = Program.run(command);
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run.output();
  }

  private static void check(Path file, String content) throws IOException {
    if (Boolean.getBoolean("docs.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }
    assertThat(file).as("accept a change with -Ddocs.update=true").hasContent(content);
  }
}
