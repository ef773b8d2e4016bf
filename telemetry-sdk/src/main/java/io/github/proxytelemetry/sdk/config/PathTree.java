package io.github.proxytelemetry.sdk.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tree of blocks and lists, from nested ones as parsers of JSON and YAML return them, and from flat
 * paths such as {@code exporters.otlp[0].host}.
 */
final class PathTree {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,4})\\]");

  /** KrakenD's schema allows comments under such keys in every block. */
  private static final String COMMENTS = "@$_#";

  private final Map<String, Object> root = new LinkedHashMap<>();

  static boolean isComment(String key) {
    return !key.isEmpty() && COMMENTS.indexOf(key.charAt(0)) >= 0;
  }

  /** Adds an entry of a map, unless it is a comment. */
  void add(String key, @Nullable Object value) {
    if (value == null) {
      return;
    }
    List<Object> steps = steps(key);
    if (steps.stream().anyMatch(step -> step instanceof String name && isComment(name))) {
      return;
    }
    Object nested = copy(value);
    for (int i = steps.size() - 1; i > 0; i--) {
      nested = child(steps.get(i), nested);
    }
    merge("", root, child(steps.get(0), nested));
  }

  boolean isEmpty() {
    return root.isEmpty();
  }

  ConfigValue build() {
    return new ConfigValue("", Objects.requireNonNull(plain("", root)));
  }

  private static List<Object> steps(String key) {
    List<Object> steps = new ArrayList<>();
    Matcher step = STEP.matcher(key);
    int end = 0;
    while (step.find()) {
      if (!key.substring(end, step.start()).matches("\\.?")) {
        throw unknown(key);
      }
      steps.add(step.group(1) != null ? step.group(1) : Integer.valueOf(step.group(2)));
      end = step.end();
    }
    if (end != key.length() || steps.isEmpty() || !(steps.get(0) instanceof String)) {
      throw unknown(key);
    }
    return steps;
  }

  /** A block with one member, or a list with one element at its index. */
  private static Map<?, ?> child(Object step, Object value) {
    return step instanceof Integer index
        ? new TreeMap<>(Map.of(index, value))
        : new LinkedHashMap<>(Map.of(step, value));
  }

  @SuppressWarnings("unchecked")
  private static void merge(String path, Map<?, Object> into, Map<?, ?> from) {
    from.forEach(
        (name, value) -> {
          String key = name instanceof Integer ? path + '[' + name + ']' : path(path, name);
          Object present = ((Map<Object, Object>) into).putIfAbsent(name, value);
          if (present instanceof Map && isSameKind(present, value)) {
            merge(key, (Map<?, Object>) present, (Map<?, ?>) value);
          } else if (present != null) {
            throw new IllegalArgumentException(key + ": is given twice; expected once");
          }
        });
  }

  private static String path(String parent, Object name) {
    return parent.isEmpty() ? String.valueOf(name) : parent + '.' + name;
  }

  /** Lists become maps by index, so that flat keys can add to them. */
  private static Object copy(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (name, member) -> {
            if (member != null && !isComment(String.valueOf(name))) {
              copy.put(String.valueOf(name), copy(member));
            }
          });
      return copy;
    }
    if (value instanceof Iterable<?> list) {
      Map<Integer, Object> copy = new TreeMap<>();
      for (Object item : list) {
        copy.put(copy.size(), item == null ? "" : copy(item));
      }
      return copy;
    }
    return value;
  }

  private static @Nullable Object plain(String key, @Nullable Object value) {
    if (value instanceof TreeMap<?, ?> indexed) {
      List<@Nullable Object> list = new ArrayList<>();
      indexed.forEach(
          (index, item) -> {
            if (!index.equals(list.size())) {
              throw new IllegalArgumentException(
                  key + '[' + index + "]: invalid index; expected indices from 0 without a gap");
            }
            list.add(plain(key + '[' + index + ']', item));
          });
      return list;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> block = new LinkedHashMap<>();
      map.forEach(
          (name, member) -> block.put(String.valueOf(name), plain(path(key, name), member)));
      return block;
    }
    return value;
  }

  /** Blocks are hash maps here, and lists tree maps. */
  private static boolean isSameKind(Object present, Object value) {
    return present.getClass() == value.getClass();
  }

  private static IllegalArgumentException unknown(String key) {
    return new IllegalArgumentException(
        key + ": invalid path; expected names separated by dots, with list indices such as [0]");
  }
}
