package io.github.proxytelemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Headers as a multimap, with names in lower case. */
final class FakeHeaders {
  static final HeaderAccess<FakeHeaders> ACCESS =
      new HeaderAccess<>() {
        @Override
        public String get(FakeHeaders headers, String name) {
          List<String> values = headers.all(name);
          return values.isEmpty() ? null : values.get(0);
        }

        @Override
        public void set(FakeHeaders headers, String name, String value) {
          headers.lines.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(List.of(value)));
        }

        @Override
        public void add(FakeHeaders headers, String name, String value) {
          headers.add(name, value);
        }

        @Override
        public void remove(FakeHeaders headers, String name) {
          headers.lines.remove(name.toLowerCase(Locale.ROOT));
        }
      };

  private final Map<String, List<String>> lines = new TreeMap<>();

  void add(String name, String value) {
    lines.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>()).add(value);
  }

  List<String> all(String name) {
    return lines.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }
}
