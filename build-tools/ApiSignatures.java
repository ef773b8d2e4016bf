import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what a module exports with the list committed beside it, so that every change to the
 * public API shows in a diff. Fails also where the API names a type that is not part of it.
 *
 * <p>Usage: {@code java ApiSignatures.java target/classes api.txt [true|false]}; {@code true}
 * writes the list instead of comparing it.
 */
final class ApiSignatures {
  /** How a member is implemented is nobody's business. */
  private static final Pattern NOT_API =
      Pattern.compile("\\b(synchronized|native|strictfp|transient|volatile) ");

  private static final Pattern TYPE_NAME = Pattern.compile("[\\w$]+(?:\\.[\\w$]+)+");

  private ApiSignatures() {}

  public static void main(String[] args) throws IOException {
    Path classes = Path.of(args[0]);
    Path list = Path.of(args[1]);
    boolean update = args.length > 2 && !args[2].equals("false");

    ModuleDescriptor module = ModuleFinder.of(classes).findAll().iterator().next().descriptor();
    List<String> actual = signatures(module, classes);
    List<String> hidden = hiddenTypes(actual, classes);
    if (!hidden.isEmpty()) {
      System.err.println(
          "The exported API of " + module.name() + " names types that its users cannot:");
      hidden.forEach(System.err::println);
      System.err.println("Make each of them public in an exported package, or leave it out.");
      System.exit(1);
    }
    List<String> committed = Files.exists(list) ? Files.readAllLines(list) : List.of();
    if (actual.equals(committed)) {
      return;
    }
    if (update) {
      Files.write(list, actual);
      System.out.println("Wrote " + list);
      return;
    }
    System.err.println("The exported API of " + module.name() + " is not what " + list + " says:");
    difference(committed, actual).forEach(System.err::println);
    System.err.println("If this is meant, run: mvn verify -Dapi.update   and commit the file.");
    System.exit(1);
  }

  private static List<String> signatures(ModuleDescriptor module, Path classes) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("module " + module.name());
    Set<String> header = new TreeSet<>();
    for (ModuleDescriptor.Requires requires : module.requires()) {
      if (requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE)) {
        header.add("  requires transitive " + requires.name());
      }
    }
    module.provides().forEach(p -> header.add("  provides " + p.service()));
    module.uses().forEach(service -> header.add("  uses " + service));
    Set<String> packages = new TreeSet<>();
    for (ModuleDescriptor.Exports exports : module.exports()) {
      if (!exports.isQualified()) {
        packages.add(exports.source());
        header.add("  exports " + exports.source());
      }
    }
    lines.addAll(header);

    TreeMap<String, List<String>> types = new TreeMap<>();
    for (String name : packages) {
      describe(classes, classes.resolve(name.replace('.', '/')), types);
    }
    for (String type : types.keySet()) {
      if (reachable(type, types.keySet())) {
        lines.add("");
        lines.addAll(types.get(type));
      }
    }
    return lines;
  }

  /** Adds the public types of one package, by binary name. */
  private static void describe(Path classes, Path directory, TreeMap<String, List<String>> types)
      throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files =
          entries
              .filter(file -> file.getFileName().toString().endsWith(".class"))
              .filter(file -> !file.getFileName().toString().equals("package-info.class"))
              .sorted()
              .collect(Collectors.toList());
    }
    for (Path file : files) {
      List<String> text = javap(classes, file);
      // Of a type that is not public, javap prints a header without that word.
      if (text.isEmpty() || !text.get(0).startsWith("public ")) {
        continue;
      }
      String binaryName = classes.relativize(file).toString().replace('\\', '/').replace('/', '.');
      List<String> members = text.subList(1, text.size() - 1);
      List<String> described = new ArrayList<>();
      described.add(text.get(0));
      members.stream().sorted().forEach(described::add);
      described.add("}");
      types.put(binaryName.substring(0, binaryName.length() - ".class".length()), described);
    }
  }

  private static List<String> javap(Path classes, Path file) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    int code =
        ToolProvider.findFirst("javap")
            .orElseThrow(() -> new IllegalStateException("this JDK has no javap"))
            .run(writer, writer, "-protected", "-constants", file.toString());
    if (code != 0) {
      throw new IllegalStateException("javap failed on " + file + ": " + out);
    }
    return out.toString()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("Compiled from"))
        .map(line -> NOT_API.matcher(line).replaceAll(""))
        .collect(Collectors.toList());
  }

  /**
   * Signatures that name a class of the module which is not itself part of the API: as a
   * superclass, a parameter, a result, a bound or an exception.
   */
  private static List<String> hiddenTypes(List<String> signatures, Path classes)
      throws IOException {
    Set<String> hidden;
    try (Stream<Path> files = Files.walk(classes)) {
      hidden =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .map(file -> classes.relativize(file).toString().replace('\\', '/'))
              .map(path -> path.replace(".class", "").replace('/', '.'))
              .collect(Collectors.toSet());
    }
    for (String line : signatures) {
      if (line.startsWith("public ")) {
        // The first class that a header names is the one it declares.
        TYPE_NAME
            .matcher(line)
            .results()
            .map(MatchResult::group)
            .filter(hidden::contains)
            .findFirst()
            .ifPresent(hidden::remove);
      }
    }
    return qualified(signatures).stream()
        // Of a member, its own part and not the header of its type.
        .filter(
            line ->
                TYPE_NAME
                    .matcher(line.substring(line.lastIndexOf(" : ") + 1))
                    .results()
                    .map(MatchResult::group)
                    .anyMatch(hidden::contains))
        .map(line -> "  " + line)
        .collect(Collectors.toList());
  }

  /** A public type inside one that is not public is out of reach. */
  private static boolean reachable(String type, Set<String> types) {
    for (int at = type.indexOf('$'); at >= 0; at = type.indexOf('$', at + 1)) {
      if (!types.contains(type.substring(0, at))) {
        return false;
      }
    }
    return true;
  }

  /** Lines that only one side has, each under the type it belongs to. */
  private static List<String> difference(List<String> before, List<String> after) {
    List<String> result = new ArrayList<>();
    Set<String> old = new HashSet<>(qualified(before));
    Set<String> now = new HashSet<>(qualified(after));
    qualified(before).stream().filter(l -> !now.contains(l)).forEach(l -> result.add("  - " + l));
    qualified(after).stream().filter(l -> !old.contains(l)).forEach(l -> result.add("  + " + l));
    return result.isEmpty() ? List.of("  (only the order or blank lines differ)") : result;
  }

  private static List<String> qualified(List<String> lines) {
    List<String> result = new ArrayList<>();
    String type = "";
    for (String line : lines) {
      if (line.startsWith("  ")) {
        result.add(type + " : " + line.strip());
      } else if (!line.isBlank() && !line.equals("}")) {
        type = line.replace(" {", "");
        result.add(type);
      }
    }
    return result;
  }
}
