import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Dependencies between the packages ("rooms") and the classes of one module, read from its class
 * files. Fails on packages that depend on each other in a circle, on a large knot of classes of
 * which each reaches every other, and on a dependency that the module's {@code rooms.txt} does not
 * list.
 *
 * <p>Usage: {@code java Rooms.java target/classes rooms.txt}. A line of the file reads {@code
 * recording -> tracing, metrics}; {@code .} is the package that the others lie in, and {@code #}
 * begins a comment. A module of one package needs no file.
 */
final class Rooms {
  /** Classes that belong together can be read in one sitting up to about this number. */
  private static final int LARGEST_KNOT = 12;

  private static final String ROOT = ".";
  private static final Pattern DOOR =
      Pattern.compile("([\\w.]+)\\s*->\\s*([\\w.]+(?:\\s*,\\s*[\\w.]+)*)");
  private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");
  private static final Pattern OTHER_RELEASE = Pattern.compile("META-INF/versions/\\d+/");

  private Rooms() {}

  public static void main(String[] args) throws IOException {
    Path classes = Path.of(args[0]);
    Path list = Path.of(args[1]);
    Map<String, Set<String>> uses = dependencies(classes);
    List<String> faults = new ArrayList<>();

    for (Set<String> circle : tied(between(uses, Rooms::packageOf))) {
      faults.add("These packages depend on each other in a circle:");
      circle.forEach(name -> faults.add("  " + name));
      faults.add("by these dependencies, of which one direction has to go:");
      faults.addAll(crossings(uses, circle));
    }
    List<Set<String>> knots = tied(uses);
    for (Set<String> knot : knots) {
      if (knot.size() > LARGEST_KNOT) {
        String text =
            "Each of these %d classes depends on all others, directly or not; at most %d may:";
        faults.add(text.formatted(knot.size(), LARGEST_KNOT));
        knot.forEach(
            name ->
                faults.add(
                    "  "
                        + simple(name)
                        + " -> "
                        + uses.get(name).stream()
                            .filter(knot::contains)
                            .map(Rooms::simple)
                            .collect(Collectors.joining(", "))));
      }
    }
    faults.addAll(closedDoors(uses, list));

    if (!faults.isEmpty()) {
      faults.forEach(System.err::println);
      System.exit(1);
    }
    System.out.println(
        "Rooms: "
            + uses.size()
            + " classes, largest knot "
            + (knots.isEmpty() ? 1 : knots.get(0).size()));
  }

  // The door list

  private static List<String> closedDoors(Map<String, Set<String>> uses, Path list)
      throws IOException {
    Set<String> packages =
        uses.keySet().stream().map(Rooms::packageOf).collect(Collectors.toCollection(TreeSet::new));
    if (packages.size() < 2) {
      return List.of();
    }
    if (!Files.exists(list)) {
      return List.of(
          "A module of several packages lists in "
              + list
              + " which of them may depend on which: "
              + String.join(", ", packages));
    }
    String root = packages.iterator().next();
    if (!packages.stream().allMatch(name -> name.equals(root) || name.startsWith(root + "."))) {
      return List.of("The packages of a module lie in one: " + String.join(", ", packages));
    }
    Map<String, Set<String>> doors = doors(list);
    List<String> faults = new ArrayList<>();
    uses.forEach(
        (from, targets) ->
            targets.forEach(
                to -> {
                  String room = room(packageOf(from), root);
                  String other = room(packageOf(to), root);
                  if (!room.equals(other) && !doors.getOrDefault(room, Set.of()).contains(other)) {
                    faults.add(
                        list + " has no \"" + room + " -> " + other + "\": " + from + " -> " + to);
                  }
                }));
    return faults;
  }

  private static Map<String, Set<String>> doors(Path list) throws IOException {
    Map<String, Set<String>> doors = new HashMap<>();
    for (String line : Files.readAllLines(list)) {
      String text = line.replaceAll("#.*", "").strip();
      if (text.isEmpty()) {
        continue;
      }
      Matcher door = DOOR.matcher(text);
      if (!door.matches()) {
        throw new IllegalArgumentException(
            list + ": invalid line \"" + line + "\"; expected: room -> room, room");
      }
      doors
          .computeIfAbsent(door.group(1), name -> new HashSet<>())
          .addAll(List.of(door.group(2).split("\\s*,\\s*")));
    }
    return doors;
  }

  private static String room(String packageName, String root) {
    return packageName.equals(root) ? ROOT : packageName.substring(root.length() + 1);
  }

  // Graphs

  /** The dependencies of groups of nodes; {@code group} names that of a node. */
  private static Map<String, Set<String>> between(
      Map<String, Set<String>> uses, UnaryOperator<String> group) {
    Map<String, Set<String>> result = new TreeMap<>();
    uses.forEach(
        (from, targets) -> {
          Set<String> others = result.computeIfAbsent(group.apply(from), name -> new TreeSet<>());
          targets.stream()
              .map(group)
              .filter(name -> !name.equals(group.apply(from)))
              .forEach(others::add);
        });
    return result;
  }

  private static List<String> crossings(Map<String, Set<String>> uses, Set<String> packages) {
    List<String> result = new ArrayList<>();
    uses.forEach(
        (from, targets) -> {
          for (String to : targets) {
            if (!packageOf(from).equals(packageOf(to))
                && packages.contains(packageOf(from))
                && packages.contains(packageOf(to))) {
              result.add("  " + from + " -> " + to);
            }
          }
        });
    return result;
  }

  /** Strongly connected components of more than one node, the largest first. */
  private static List<Set<String>> tied(Map<String, Set<String>> graph) {
    Map<String, Set<String>> backwards = new HashMap<>();
    graph.forEach(
        (from, targets) ->
            targets.forEach(
                to -> backwards.computeIfAbsent(to, name -> new HashSet<>()).add(from)));
    List<Set<String>> result = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    for (String node : graph.keySet()) {
      if (!placed.contains(node)) {
        Set<String> component = new TreeSet<>(reached(graph, node));
        component.retainAll(reached(backwards, node));
        placed.addAll(component);
        if (component.size() > 1) {
          result.add(component);
        }
      }
    }
    result.sort(Comparator.comparing((Set<String> component) -> component.size()).reversed());
    return result;
  }

  private static Set<String> reached(Map<String, Set<String>> graph, String start) {
    Set<String> seen = new HashSet<>(Set.of(start));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (String next : graph.getOrDefault(open.pop(), Set.of())) {
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
    return seen;
  }

  // Class files

  /** What each top-level class uses of the module's others, nested classes counted with it. */
  private static Map<String, Set<String>> dependencies(Path classes) throws IOException {
    Map<String, Set<String>> all = new TreeMap<>();
    for (Path file : classFiles(classes)) {
      String path = classes.relativize(file).toString().replace('\\', '/');
      // A class of another release stands in for that of the same name.
      String name = OTHER_RELEASE.matcher(path).replaceFirst("").replace(".class", "");
      all.computeIfAbsent(topLevel(name), key -> new TreeSet<>())
          .addAll(references(file).stream().map(Rooms::topLevel).collect(Collectors.toSet()));
    }
    all.forEach(
        (name, references) -> {
          references.retainAll(all.keySet());
          references.remove(name);
        });
    return all;
  }

  private static Collection<Path> classFiles(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .filter(file -> !file.endsWith("package-info.class"))
          .collect(Collectors.toList());
    }
  }

  /**
   * The types that a class file names: its constants of kind Class, and what stands in descriptors
   * and generic signatures. Both are in the constant pool, the only part that has to be read.
   */
  private static Set<String> references(Path file) throws IOException {
    Set<String> result = new HashSet<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(8); // the magic number and the version
      int count = in.readUnsignedShort();
      String[] texts = new String[count];
      List<Integer> names = new ArrayList<>();
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> texts[i] = in.readUTF(); // Utf8
          case 7 -> names.add(in.readUnsignedShort()); // Class
          case 5, 6 -> { // Long, Double
            in.skipNBytes(8);
            i++; // which take two places
          }
          case 8, 16, 19, 20 -> in.skipNBytes(2); // String, MethodType, Module, Package
          case 15 -> in.skipNBytes(3); // MethodHandle
          // Integer, Float, the references to members, NameAndType, Dynamic, InvokeDynamic
          case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
          default -> throw new IOException(file + ": unknown constant of kind " + tag);
        }
      }
      for (int name : names) {
        result.add(texts[name]);
      }
      for (String text : texts) {
        if (text != null) {
          TYPE_IN_DESCRIPTOR.matcher(text).results().forEach(type -> result.add(type.group(1)));
        }
      }
    }
    return result;
  }

  /** {@code a/b/C$D} is part of {@code a.b.C}. */
  private static String topLevel(String internalName) {
    int nested = internalName.indexOf('$');
    return (nested < 0 ? internalName : internalName.substring(0, nested)).replace('/', '.');
  }

  private static String packageOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
