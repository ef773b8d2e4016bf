package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every requirement is proven by existing tests, or marked as not met. */
class RequirementsTest {
  private static final Path PAGE = Path.of("requirements.md");
  private static final Path TABLE = Path.of("src/test/resources/requirements.tsv");
  private static final String NOT_MET = "not met: ";

  /** The numbers that are missing are those of remarks, which ask for nothing. */
  private static final List<Document> DOCUMENTS =
      List.of(
          new Document("S0", "Cloudflare's Privacy Proxy", "1-5 8-10 12-18 20-24 26-29"),
          new Document("S1", "KrakenD, configuration", "1-19 22-22"),
          new Document("S2", "imgproxy", "1-14 16-24"),
          new Document("S3", "tunnel gateway", "1-19 21-24"),
          new Document("S4", "KrakenD, layers and metrics", "1-24"));

  private static TestSources tests;

  @BeforeAll
  static void readTests() throws IOException {
    tests = TestSources.under(Path.of(".."));
  }

  @Test
  void listsEveryRequirementOnce() throws IOException {
    List<String> expected = DOCUMENTS.stream().flatMap(Document::ids).toList();
    assertThat(expected).hasSize(114);
    assertThat(requirements()).extracting(Requirement::id).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("requirements")
  void isProvenByTestsThatExist_orSaysWhyNot(Requirement requirement) {
    assertThat(requirement.text()).isNotBlank();
    if (requirement.isMet()) {
      assertThat(requirement.proofs()).isNotEmpty();
      assertThat(requirement.proofs())
          .allSatisfy(proof -> assertThat(tests.fault(proof)).as(proof).isEmpty());
    } else {
      assertThat(requirement.proof().substring(NOT_MET.length())).isNotBlank();
    }
  }

  @Test
  void pageListsTheRequirements() throws IOException {
    String page = page(requirements());
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("accept a change with -Ddocs.update=true").hasContent(page);
  }

  static List<Requirement> requirements() throws IOException {
    try (Stream<String> lines = Files.lines(TABLE)) {
      return lines.skip(1).map(Requirement::parse).toList();
    }
  }

  private static String page(List<Requirement> requirements) {
    StringBuilder page =
        new StringBuilder(
            """
            # Requirements and their proofs

            Generated from `src/test/resources/requirements.tsv`: the requirements of the documents behind this library, in
            our own words, and the tests that prove them. `RequirementsTest` checks that those tests exist and are not
            disabled. Where a proof needs a Grafana, real Prometheus servers are asked every query of its dashboards in its place: Grafana
            itself is not among the programs that the build can have.
            """);
    for (Document document : DOCUMENTS) {
      List<Requirement> own = requirements.stream().filter(document::contains).toList();
      long met = own.stream().filter(Requirement::isMet).count();
      page.append("\n## ").append(document.title()).append("\n\n");
      page.append(met).append(" of ").append(own.size()).append(" are proven.\n\n");
      page.append("| id | requirement | proof |\n|---|---|---|\n");
      own.forEach(requirement -> page.append(requirement.row()).append('\n'));
    }
    return page.toString();
  }

  private record Document(String prefix, String title, String ranges) {
    Stream<String> ids() {
      return Stream.of(ranges.split(" ", -1)).flatMap(this::idsOf);
    }

    boolean contains(Requirement requirement) {
      return requirement.id().startsWith(prefix + '.');
    }

    private Stream<String> idsOf(String range) {
      String[] ends = range.split("-", -1);
      return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
          .mapToObj(number -> prefix + '.' + number);
    }
  }

  private record Requirement(String id, String text, String proof) {
    static Requirement parse(String line) {
      String[] columns = line.split("\t", -1);
      assertThat(columns).as(line).hasSize(3);
      return new Requirement(columns[0], columns[1], columns[2]);
    }

    boolean isMet() {
      return !proof.startsWith(NOT_MET);
    }

    List<String> proofs() {
      return List.of(proof.split(" ", -1));
    }

    String row() {
      String shown = isMet() ? "`" + String.join("` `", proofs()) + "`" : "**" + proof + "**";
      return "| " + id + " | " + text + " | " + shown + " |";
    }

    @Override
    public String toString() {
      return id;
    }
  }
}
