package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The two packages keep apart: recording needs no SDK, and setting one up knows of no exchange. */
class RoomsTest {
  private static final Path SOURCES = Path.of("src/main/java/io/github/proxytelemetry/otel");
  private static final String OURS = "import io.github.proxytelemetry.";
  private static final String OTEL = "import io.opentelemetry.";

  @Test
  void recordsWithTheOpenTelemetryApiOnly() throws IOException {
    List<String> imports = imports(SOURCES);
    assertThat(imports).anyMatch(line -> line.startsWith(OTEL));
    assertThat(imports)
        .filteredOn(line -> line.contains("io.opentelemetry."))
        .allMatch(
            line ->
                line.contains(OTEL + "api.")
                    || line.contains(OTEL + "context.")
                    || line.contains(OTEL + "semconv."));
  }

  @Test
  void setsUpWithoutTheModelOfAProxy() throws IOException {
    List<String> imports = imports(SOURCES.resolve("sdk"));
    assertThat(imports).anyMatch(line -> line.startsWith(OTEL));
    assertThat(imports).noneMatch(line -> line.startsWith(OURS));
    assertThat(imports).noneMatch(line -> line.startsWith("import static " + OURS.substring(7)));
  }

  @Test
  void usesTheSetUpAtItsEntryOnly() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<Path> users =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(
                  file -> lines(file).stream().anyMatch(line -> line.startsWith(OURS + "otel.")))
              .map(Path::getFileName)
              .toList();
      assertThat(users)
          .containsExactlyInAnyOrder(
              Path.of("ConfigurableBuilder.java"),
              Path.of("Configuration.java"),
              Path.of("KrakendLayers.java"),
              Path.of("OtelProxyTelemetry.java"),
              Path.of("OtelProxyTelemetryBuilder.java"),
              Path.of("SdkMarks.java"));
    }
  }

  private static List<String> imports(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> lines(file).stream())
          .filter(line -> line.startsWith("import "))
          .toList();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
