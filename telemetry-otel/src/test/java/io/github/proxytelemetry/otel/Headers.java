package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The headers of one message. */
public final class Headers {
  public static final HeaderAccess<Headers> ACCESS =
      new HeaderAccess<>() {
        @Override
        public @Nullable String get(Headers headers, String name) {
          List<String> values = headers.all(name);
          return values.isEmpty() ? null : values.get(0);
        }

        @Override
        public void set(Headers headers, String name, String value) {
          headers.lines.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(List.of(value)));
        }

        @Override
        public void add(Headers headers, String name, String value) {
          headers.with(name, value);
        }

        @Override
        public void remove(Headers headers, String name) {
          headers.lines.remove(name.toLowerCase(Locale.ROOT));
        }
      };

  private final Map<String, List<String>> lines = new TreeMap<>();

  public Headers with(String name, String value) {
    lines.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>()).add(value);
    return this;
  }

  public List<String> all(String name) {
    return lines.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** The first line of each, by name in lower case. */
  public Map<String, String> map() {
    Map<String, String> map = new TreeMap<>();
    lines.forEach((name, values) -> map.put(name, values.get(0)));
    return map;
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }
}
