package io.github.proxytelemetry.consumertests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The projects of src/consumers after Maven has resolved and compiled them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ConsumerTest {
  private static final Path ROOT = Path.of("..");
  private static final Set<String> SCOPES = Set.of("compile", "runtime", "provided", "test");
  private static final Map<String, List<String>> OUTPUT =
      Map.of(
          "otel", List.of("recorded"),
          "sdk", List.of("DELIVERED", "1"),
          "bom", List.of("true"),
          "netty", List.of("true", "counted"),
          "jetty", List.of("true", "counted"),
          "httpclient", List.of("true", "counted"));

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"otel, 1000000", "sdk, 5600000"})
  void hasFewBytesOfJars(String consumer, long limit) throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    for (Resolved resolved : resolved(consumer)) {
      sizes.put(resolved.jar().getFileName(), Files.size(resolved.jar()));
    }
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();
    System.out.println(consumer + ": " + sizes.size() + " jars, " + total + " bytes");
    assertThat(total).as(sizes::toString).isLessThanOrEqualTo(limit);
  }

  @ParameterizedTest
  @MethodSource("consumers")
  void resolvesTheVersionsThatWereTested(String consumer) throws IOException {
    List<Resolved> resolved = resolved(consumer);
    Map<String, Set<String>> tested = new HashMap<>();
    for (Resolved artifact : resolved) {
      tested.computeIfAbsent(artifact.name(), name -> new TreeSet<>());
      if (artifact.isOurs()) {
        tested.get(artifact.name()).add(artifact.version());
        Path list = ROOT.resolve(artifact.module()).resolve("target/tested.txt");
        for (Resolved other : artifacts(list)) {
          tested.computeIfAbsent(other.name(), name -> new TreeSet<>()).add(other.version());
        }
      }
    }
    SoftAssertions assertions = new SoftAssertions();
    for (Resolved artifact : resolved) {
      assertions
          .assertThat(artifact.version())
          .as(
              "version of %s, of which were tested %s",
              artifact.name(), tested.get(artifact.name()))
          .isEqualTo(String.join(", ", tested.get(artifact.name())));
    }
    assertions.assertAll();
  }

  @ParameterizedTest
  @MethodSource("consumers")
  void runsOnTheClassPath(String consumer) throws Exception {
    assertRuns(System.getProperty("java.home"), consumer, classPath(consumer));
  }

  @ParameterizedTest
  @MethodSource("consumers")
  void runsOnTheModulePath(String consumer) throws Exception {
    assertRuns(System.getProperty("java.home"), consumer, modulePath(consumer));
  }

  @ParameterizedTest
  @MethodSource("consumers")
  void runsOnTheClassPath_ofJdk25(String consumer) throws Exception {
    assertRuns(jdk25(), consumer, classPath(consumer));
  }

  @ParameterizedTest
  @MethodSource("consumers")
  void runsOnTheModulePath_ofJdk25(String consumer) throws Exception {
    assertRuns(jdk25(), consumer, modulePath(consumer));
  }

  /** Beside other versions of what we depend on, as a host's build manages them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "foreign-alpha-after-ours",
        "boot-3-after-ours",
        "boot-4-after-ours",
        "otel-oldest",
        "otel-newest"
      })
  void runsBesideOtherVersions(String versions) throws Exception {
    assertRuns(System.getProperty("java.home"), "sdk", beside(versions));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "boot-3 | sdk-metrics is 1.49.0, expected 1.59.0 to ",
        "boot-4 | sdk-metrics is 1.55.0, expected 1.59.0 to ",
        "boot-4-1 | prometheus-metrics-model is 1.5.1, expected 1.8.0",
        "foreign-alpha | api-incubator is 1.57.0-alpha, expected 1.65.0-alpha"
      })
  void reportsTheVersionThatDoesNotFit_andWhatToDo(String versions, String found) throws Exception {
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    assertThat(run(System.getProperty("java.home"), beside(versions), output, errors)).isEqualTo(1);
    assertThat(contents(errors))
        .startsWith(
            "Exception in thread \"main\" java.lang.IllegalStateException: libraries do not")
        .contains(found)
        .contains("import io.github.proxytelemetry:proxy-telemetry-bom before other BOMs");
    assertThat(output).isEmptyFile();
  }

  @Test
  void bomListsEveryPublishedModule() throws IOException {
    Set<String> published = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      modules
          .filter(module -> Files.exists(module.resolve("src/main/java/module-info.java")))
          .forEach(module -> published.add("proxy-" + module.getFileName()));
    }
    // The consumer names no version of ours, so that what it has is in the BOM.
    assertThat(resolved("bom").stream().filter(Resolved::isOurs).map(Resolved::artifactId))
        .containsExactlyInAnyOrderElementsOf(published);
  }

  static Set<String> consumers() {
    return OUTPUT.keySet();
  }

  private void assertRuns(String jdk, String consumer, List<String> arguments) throws Exception {
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    assertThat(run(jdk, arguments, output, errors)).as(() -> contents(errors)).isZero();
    assertThat(Files.readAllLines(output)).isEqualTo(OUTPUT.get(consumer));
  }

  private static int run(String jdk, List<String> arguments, Path output, Path errors)
      throws Exception {
    List<String> command =
        Stream.concat(Stream.of(Path.of(jdk, "bin", "java").toString()), arguments.stream())
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The program of one consumer with the libraries of another. */
  private static List<String> beside(String versions) throws IOException {
    String libraries = path(target("sdk").resolve("classes"), versions);
    return List.of("-cp", libraries, "com.example.sdk.Main");
  }

  private static List<String> classPath(String consumer) throws IOException {
    return List.of("-cp", path(consumer), "com.example." + consumer + ".Main");
  }

  private static List<String> modulePath(String consumer) throws IOException {
    String module = "com.example." + consumer;
    return List.of("-p", path(consumer), "-m", module + "/" + module + ".Main");
  }

  private static String path(String consumer) throws IOException {
    return path(target(consumer).resolve("classes"), consumer);
  }

  private static String path(Path classes, String consumer) throws IOException {
    return Stream.concat(Stream.of(classes), resolved(consumer).stream().map(Resolved::jar))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String jdk25() {
    String home = System.getenv("JAVA_25_HOME");
    assumeTrue(home != null, "JAVA_25_HOME names no JDK 25");
    return home;
  }

  private static List<Resolved> resolved(String consumer) throws IOException {
    List<Resolved> result = artifacts(target(consumer).resolve("resolved.txt"));
    assertThat(result).isNotEmpty();
    return result;
  }

  private static Path target(String consumer) {
    return Path.of("target", "consumers", consumer, "target");
  }

  /** Reads what {@code dependency:list} has written. */
  private static List<Resolved> artifacts(Path list) throws IOException {
    return Files.readAllLines(list).stream()
        // The name of the module follows.
        .map(line -> line.replaceFirst(" -- .*", "").replace(" (optional)", "").strip())
        .map(line -> line.split(":", 6))
        // A classifier, as that of a jar of tests, is the fourth of six.
        .filter(fields -> fields.length >= 5 && SCOPES.contains(fields[4]))
        .map(Resolved::of)
        .toList();
  }

  private static String contents(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** An artifact that Maven chose; {@code jar} is empty where the list does not name files. */
  private record Resolved(String groupId, String artifactId, String version, Path jar) {
    static Resolved of(String[] fields) {
      return new Resolved(
          fields[0], fields[1], fields[3], Path.of(fields.length > 5 ? fields[5] : ""));
    }

    boolean isOurs() {
      return groupId.equals("io.github.proxytelemetry");
    }

    String name() {
      return groupId + ":" + artifactId;
    }

    String module() {
      return artifactId.replace("proxy-", "");
    }
  }
}
