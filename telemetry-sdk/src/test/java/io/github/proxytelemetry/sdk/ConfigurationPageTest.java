package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The reference lists every key that is read, and no other. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final Path SOURCES = Path.of("src/main/java/io/github/proxytelemetry/sdk");
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
  private static final Pattern VARIABLE = Pattern.compile("\"(OTEL_[A-Z_]*[A-Z])\"");
  private static final Pattern PART = Pattern.compile("\"([A-Z_]*[A-Z])\"");
  private static final String IMGPROXY = "IMGPROXY_OPEN_TELEMETRY_";
  private static final List<String> BLOCKS =
      List.of(
          "exporters",
          "exporters.otlp[0]",
          "exporters.prometheus[0]",
          "histograms",
          "layers",
          "layers.global",
          "layers.proxy",
          "layers.backend",
          "layers.backend.metrics",
          "layers.backend.traces");

  @Test
  void listsEveryKey() throws IOException {
    Set<String> listed = new TreeSet<>(matches(ROW, Files.readString(PAGE)));
    Set<String> read = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        read.addAll(matches(VARIABLE, Files.readString(file)));
      }
    }
    for (String part :
        matches(PART, Files.readString(SOURCES.resolve("config/OtlpVariables.java")))) {
      read.add("OTEL_EXPORTER_OTLP_" + part);
    }
    read.addAll(
        allowed(() -> Configurations.environment(Map.of("PROXY_TRACING_NONE", "")).build()));
    read.addAll(
        allowed(() -> Configurations.environment(Map.of("PROXY_TELEMETRY_NONE", "")).build()));
    List<String> imgproxy =
        allowed(() -> Configurations.telemetry(Map.of(IMGPROXY + "NONE", ""), IMGPROXY).build());
    imgproxy.stream()
        .filter(name -> !read.contains(name.replace(IMGPROXY, "PROXY_TELEMETRY_")))
        .forEach(read::add);
    read.addAll(List.of("IMGPROXY_PROMETHEUS_BIND", "IMGPROXY_PROMETHEUS_NAMESPACE"));
    List<String> roots = allowed(() -> Configurations.map(Map.of("none", "")).build());
    read.addAll(roots.subList(0, roots.size() - 1));
    for (String block : BLOCKS) {
      allowedIn(block).forEach(name -> read.add(block.replace("[0]", "[]") + '.' + name));
    }
    assertThat(listed).isEqualTo(read);
  }

  private static List<String> allowedIn(String block) {
    Map<String, Object> map = new TreeMap<>(Map.of(block + ".none", ""));
    map.putIfAbsent("exporters.otlp[0].host", "127.0.0.1");
    return allowed(() -> Configurations.map(map).build());
  }

  private static List<String> allowed(ThrowingCallable build) {
    String message = String.valueOf(catchThrowable(build).getMessage());
    int names = message.indexOf("; expected ");
    assertThat(names).as(message).isPositive();
    return List.of(message.substring(names + "; expected ".length()).split(", ", -1));
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
