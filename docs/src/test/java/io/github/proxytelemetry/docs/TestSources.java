package io.github.proxytelemetry.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Test sources of all modules, read as text: this module does not depend on their tests. */
final class TestSources {
  private static final Pattern TEST =
      Pattern.compile("@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\\b");
  private static final Pattern DISABLED_CLASS =
      Pattern.compile("@Disabled\\b[^\\n]*\\n(?: *@[^\\n]*\\n)* *(?:[a-z]+ )*class ");
  private static final Pattern PROOF = Pattern.compile("([A-Z]\\w*)#([a-z]\\w*)");

  // Two modules may have a test of one name.
  private final Map<String, List<String>> byClass = new HashMap<>();

  static TestSources under(Path root) throws IOException {
    TestSources sources = new TestSources();
    try (Stream<Path> files = Files.find(root, 20, (path, attributes) -> isTest(path))) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName()).replace(".java", "");
        sources.add(name, Files.readString(file));
      }
    }
    return sources;
  }

  void add(String className, String source) {
    byClass.computeIfAbsent(className, name -> new ArrayList<>()).add(source);
  }

  /** What keeps {@code TestClass#method} from being a proof; empty where nothing does. */
  String fault(String proof) {
    Matcher parts = PROOF.matcher(proof);
    if (!parts.matches()) {
      return "is not of the form TestClass#method";
    }
    String fault = "is in no class of the tests";
    for (String source : byClass.getOrDefault(parts.group(1), List.of())) {
      fault = fault(source, parts.group(2));
      if (fault.isEmpty()) {
        return fault;
      }
    }
    return fault;
  }

  private static String fault(String source, String method) {
    Matcher declaration =
        Pattern.compile("\\n +(?:[a-z]+ )*[A-Za-z][\\w<>?, ]* " + method + "\\(").matcher(source);
    if (!declaration.find()) {
      return "is declared nowhere";
    }
    String above = source.substring(0, declaration.start() + 1);
    // The formatter puts an empty line before each member, and none among its annotations.
    String annotations = above.substring(above.lastIndexOf("\n\n") + 1);
    if (!TEST.matcher(annotations).find()) {
      return "is no test";
    }
    boolean disabled = annotations.contains("@Disabled") || DISABLED_CLASS.matcher(source).find();
    return disabled ? "is disabled" : "";
  }

  private static boolean isTest(Path path) {
    String name = path.toString().replace('\\', '/');
    return name.endsWith(".java")
        && !name.contains("/target/")
        && (name.contains("/src/test/java/") || name.contains("/telemetry-testing/src/main/java/"));
  }
}
