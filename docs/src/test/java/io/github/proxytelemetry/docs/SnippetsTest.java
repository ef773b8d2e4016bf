package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java block in a Markdown file is part of code that compiles. */
class SnippetsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BLOCK =
      Pattern.compile("^```java\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @Test
  void findsThePages() throws IOException {
    assertThat(pages()).contains(ROOT.resolve("README.md"));
  }

  @Test
  void readmeBeginsWithTheTwoCommands() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    int start = readme.indexOf("```sh\n") + "```sh\n".length();
    assertThat(readme.substring(start, readme.indexOf("```", start)).lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("./demo"),
            second -> assertThat(second).startsWith("mvn -B -ntp verify"));
  }

  @Test
  void releasingUploadsEveryPublishedModule() throws IOException {
    String releasing = Files.readString(ROOT.resolve("RELEASING.md"));
    Matcher uploaded = Pattern.compile("deploy -am -pl (\\S+)").matcher(releasing);
    assertThat(uploaded.find()).isTrue();
    List<String> published = new ArrayList<>(List.of("telemetry-bom"));
    try (Stream<Path> modules = Files.list(ROOT)) {
      modules
          .filter(module -> Files.exists(module.resolve("src/main/java/module-info.java")))
          .forEach(module -> published.add(module.getFileName().toString()));
    }
    assertThat(uploaded.group(1).split(",", -1)).containsExactlyInAnyOrderElementsOf(published);
  }

  /** For Maven and for Gradle. */
  @ParameterizedTest
  @CsvSource({
    "netty.version, netty-codec-http",
    "jetty.version, jetty-proxy",
  })
  void gettingStartedNamesTheVersionsThatAreTested(String property, String artifact)
      throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    Matcher version = Pattern.compile("<" + property + ">([^<]+)<").matcher(pom);
    assertThat(version.find()).isTrue();
    assertThat(Files.readString(ROOT.resolve("docs/getting-started.md")))
        .contains("<artifactId>%s</artifactId><version>%s<".formatted(artifact, version.group(1)))
        .contains(":%s:%s\"".formatted(artifact, version.group(1)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void javaBlocksCompile(Path page) throws IOException {
    List<String> sources = sources();
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      String wanted = normalized(block.group(1));
      assertThat(sources)
          .as("a compiled source with this block of %s:%n%s", page, block.group(1))
          .anyMatch(source -> source.contains(wanted));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksResolve(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    while (link.find()) {
      assertThat(page.resolveSibling(link.group(1))).as("link in %s", page).exists();
    }
  }

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> files = Files.find(ROOT, 4, (path, attributes) -> isPage(path))) {
      files.forEach(pages::add);
    }
    return pages;
  }

  private static boolean isPage(Path path) {
    return path.toString().endsWith(".md") && !path.toString().contains("/target/");
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path root :
        List.of(Path.of("src/main/java"), ROOT.resolve("examples"), ROOT.resolve("host-tests"))) {
      try (Stream<Path> files =
          Files.find(root, 20, (path, attributes) -> path.toString().endsWith(".java"))) {
        for (Path file : files.toList()) {
          sources.add(normalized(Files.readString(file)));
        }
      }
    }
    return sources;
  }

  /** Pages may differ from the code in white space and comments. */
  private static String normalized(String code) {
    return code.replaceAll("//[^\\n]*", "").replaceAll("\\s+", "");
  }
}
