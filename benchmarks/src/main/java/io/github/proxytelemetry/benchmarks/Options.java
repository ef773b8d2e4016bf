package io.github.proxytelemetry.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Command line of a benchmark with a {@code main}: words of the form {@code key=value}. */
final class Options {
  private final Map<String, String> values = new TreeMap<>();

  Options(Set<String> keys, String... arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length < 2 || !keys.contains(pair[0])) {
        throw new IllegalArgumentException(
            "arguments: was \"" + argument + "\"; expected key=value with a key of " + keys);
      }
      values.put(pair[0], pair[1]);
    }
  }

  String text(String key, String standard) {
    return values.getOrDefault(key, standard);
  }

  int number(String key, int standard) {
    String value = values.get(key);
    if (value == null) {
      return standard;
    }
    if (!value.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(key + ": was \"" + value + "\"; expected 1 to 999999");
    }
    return Integer.parseInt(value);
  }

  Duration seconds(String key, int standard) {
    return Duration.ofSeconds(number(key, standard));
  }

  @Nullable Path path(String key) {
    String value = values.get(key);
    return value == null ? null : Path.of(value);
  }

  /** Parts of a list with commas; empty where nothing is given. */
  List<Path> paths(String key) {
    String value = values.get(key);
    return value == null ? List.of() : List.of(value.split(",")).stream().map(Path::of).toList();
  }

  /** Those of a list, in its order; {@code all} is every one. */
  List<String> chosen(String key, List<String> every, List<String> standard) {
    String value = values.get(key);
    if (value == null) {
      return standard;
    }
    if (value.equals("all")) {
      return every;
    }
    List<String> chosen = new ArrayList<>(List.of(value.split(",")));
    if (!every.containsAll(chosen)) {
      throw new IllegalArgumentException(
          key + ": was \"" + value + "\"; expected some of " + every);
    }
    return chosen;
  }

  /** As they were given, but for the folders and files, which are of one machine. */
  String given() {
    StringBuilder given = new StringBuilder();
    values.forEach(
        (key, value) -> {
          if (!Set.of("java", "out", "readme").contains(key)) {
            given.append(given.isEmpty() ? "" : " ").append(key).append('=').append(value);
          }
        });
    return given.isEmpty() ? "none" : given.toString();
  }
}
