package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testing.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page lists every case of the contract, and the waivers of each adapter with their reasons.
 */
class ContractPageTest {
  private static final Path PAGE = Path.of("contract.md");
  private static final Path TABLE = Path.of("src/test/resources/contract.tsv");
  private static final int CASES = 47;

  private static final String LITERALS = "\"[^\"]*\"(?:\\s*\\+\\s*\"[^\"]*\")*";
  private static final Pattern LITERAL = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern WAIVER =
      Pattern.compile("waived\\.put\\(\\s*Capability\\.(\\w+),\\s*(" + LITERALS + "|\\w+)\\);");
  private static final Pattern NAMED = Pattern.compile("String (\\w+) =\\s*(" + LITERALS + ");");

  @Test
  void listsEveryCaseOnce_withTestsThatExist() throws IOException {
    TestSources tests = TestSources.under(Path.of(".."));
    List<String[]> cases = cases();
    assertThat(cases).hasSize(CASES);
    for (int i = 0; i < CASES; i++) {
      assertThat(cases.get(i)).hasSize(3);
      assertThat(cases.get(i)[0]).isEqualTo(Integer.toString(i + 1));
      assertThat(cases.get(i)[2].split(" ", -1))
          .allSatisfy(test -> assertThat(tests.fault(test)).as(test).isEmpty());
    }
  }

  @Test
  void pageListsCasesAndWaivers() throws IOException {
    String page = page();
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("accept a change with -Ddocs.update=true").hasContent(page);
  }

  private static String page() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Contract of adapters, and waivers

            Generated from `src/test/resources/contract.tsv` and from the contract tests of all modules. Every adapter
            runs these cases on real sockets. A case that needs a capability which the host does not have is skipped;
            the reason is given below.

            ## Rules after each case

            | rule | checked by |
            |---|---|
            | Everything that was started has ended, and no handler's scope is open. | `awaitIdle`, `assertInvariants` |
            | Nothing was reported after an end, and nothing ended twice. | `assertNoLateCalls` |
            | No count is negative, no status is impossible, and no body came before its head. | `assertInvariants` |
            | Neither the back end nor the adapter threw, not even into the guard, and no header accessor did. | `assertInvariants` |
            | The bytes reported for a client's connection equal those on its socket, where the host shows them. | `WireByteChecks` |
            | The same for the connections to the origin, and for tunnels on the origin's socket. | `WireByteChecks`, `TunnelChecks` |

            That a client and an origin receive the same bytes with telemetry on, off and broken takes two runs to
            compare, so cases of their own check it: 40, 44 and 45. The tests of whole hosts (`host-tests`) compare
            each of their scripts, with a recorder and with the real back end.

            Case 46 is repeated with the real back end beside the recorder (`host-tests/back-end`): with every request
            sampled, its totals are those of the recorder, its guard stays closed, no error and no late call is counted,
            and nothing that an origin sent is in a scrape, a log line or a span, but for captured headers.

            ## New in this version

            - Cases 42 and 43: gRPC, and with it the capability `GRPC`.
            - Cases 44 and 45: trailers that are changed, and a back end that throws in every call.
            - Cases 46 and 47: origins that answer anything, with the capability `HOSTILE_ORIGINS`, and lines of a `tracestate`.
            - Late calls are an error after every case. They were where an adapter asked for it.
            - What the guard catches is an error after every case.

            ## Cases

            | | case | tests |
            |---|---|---|
            """);
    for (String[] row : cases()) {
      page.append("| ").append(row[0]).append(" | ").append(row[1]).append(" | `");
      page.append(String.join("` `", row[2].split(" ", -1))).append("` |\n");
    }
    page.append("\n## Waivers\n");
    waivers()
        .forEach(
            (contract, waived) -> {
              page.append("\n### ").append(contract).append("\n\n");
              page.append(waived.isEmpty() ? "None.\n" : "| what | why |\n|---|---|\n");
              waived.forEach(
                  (what, why) ->
                      page.append("| ").append(what).append(" | ").append(why).append(" |\n"));
            });
    return page.toString();
  }

  private static List<String[]> cases() throws IOException {
    try (Stream<String> lines = Files.lines(TABLE)) {
      return lines.skip(1).map(line -> line.split("\t", -1)).toList();
    }
  }

  private static Map<String, Map<Capability, String>> waivers() throws IOException {
    Map<String, Map<Capability, String>> waivers = new TreeMap<>();
    try (Stream<Path> files = Files.find(Path.of(".."), 20, (path, read) -> isTest(path))) {
      for (Path file : files.toList()) {
        String source = Files.readString(file);
        if (source.contains("class " + className(file) + " extends ProxyAdapterContract")) {
          waivers.put(className(file), waivers(className(file), source));
        }
      }
    }
    return waivers;
  }

  private static Map<Capability, String> waivers(String contract, String source) {
    Map<String, String> reasons =
        NAMED
            .matcher(source)
            .results()
            .collect(Collectors.toMap(named -> named.group(1), named -> text(named.group(2))));
    Map<Capability, String> waived = new TreeMap<>();
    Matcher waiver = WAIVER.matcher(source);
    while (waiver.find()) {
      String why = waiver.group(2);
      waived.put(
          Capability.valueOf(waiver.group(1)),
          why.startsWith("\"") ? text(why) : reasons.getOrDefault(why, ""));
    }
    assertThat(waived.values()).as("reasons of " + contract).allMatch(why -> !why.isBlank());
    long named = Pattern.compile("Capability\\.[A-Z]").matcher(source).results().count();
    assertThat((long) waived.size())
        .as(contract + " waives by waived.put(Capability.X, reason), and each once")
        .isEqualTo(named);
    return waived;
  }

  private static String text(String literals) {
    return LITERAL
        .matcher(literals)
        .results()
        .map((MatchResult literal) -> literal.group(1))
        .collect(Collectors.joining());
  }

  private static String className(Path file) {
    return String.valueOf(file.getFileName()).replace(".java", "");
  }

  private static boolean isTest(Path path) {
    String name = path.toString().replace('\\', '/');
    return name.endsWith("Test.java") && name.contains("/src/test/") && !name.contains("/target/");
  }
}
