package io.github.proxytelemetry.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.TestAbortedException;

class RequiresProgramTest {
  @TempDir Path directory;

  @Test
  void runs_whenEveryProgramIsOnThePath() throws Exception {
    program("one").toFile().setExecutable(true);
    program("two").toFile().setExecutable(true);

    assertThatCode(() -> extension("true").check("one", "two")).doesNotThrowAnyException();
  }

  @Test
  void skipsAndNamesWhatIsMissing() throws Exception {
    program("one").toFile().setExecutable(true);

    assertThatExceptionOfType(TestAbortedException.class)
        .isThrownBy(() -> extension("false").check("one", "two", "three"))
        .withMessage("not on the PATH: two, three");
  }

  @Test
  void fails_underCi() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> extension("true").check("one"))
        .withMessageStartingWith("not on the PATH: one");
  }

  @Test
  void ignoresAFileThatCannotBeRun() throws Exception {
    program("one");

    assertThatExceptionOfType(TestAbortedException.class)
        .isThrownBy(() -> extension("").check("one"));
  }

  @Test
  void stopsAnnotatedMethodsAndClasses() {
    assertNothingRan(run(OnMethod.class));
    assertNothingRan(run(OnClass.class));
  }

  @Test
  void tagsTheTestAsExternal() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(OnMethod.class), selectClass(OnClass.class))
        .filters(TagFilter.excludeTags("external"))
        .execute()
        .testEvents()
        .assertStatistics(statistics -> statistics.started(0));
  }

  private Path program(String name) throws Exception {
    return Files.createFile(directory.resolve(name));
  }

  private RequiresProgramExtension extension(String ci) {
    return new RequiresProgramExtension(Map.of("PATH", directory.toString(), "CI", ci));
  }

  private static EngineExecutionResults run(Class<?> fixture) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(fixture)).execute();
  }

  /** Aborted here or failed under CI: this test runs in both. */
  private static void assertNothingRan(EngineExecutionResults results) {
    assertThat(results.testEvents().succeeded().count()).isZero();
    assertThat(results.allEvents().aborted().count() + results.allEvents().failed().count())
        .isEqualTo(1);
  }

  static final class OnMethod {
    @Test
    @RequiresProgram("no-such-program-anywhere")
    void neverRuns() {}
  }

  @RequiresProgram("no-such-program-anywhere")
  static final class OnClass {
    @Test
    void neverRuns() {}
  }
}
