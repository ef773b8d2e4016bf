package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Headers of an immutable request, with the changes that injection makes to them. It is the request
 * as the back end gets it as well: two objects would be 32 bytes more a request.
 */
abstract class OutgoingHeaders implements RequestInfo {
  static final HeaderAccess<OutgoingHeaders> ACCESS = new Access();

  private final Map<String, List<String>> original;
  private @Nullable Map<String, List<String>> changes;

  /**
   * @param original the headers of the request, in a map with case-insensitive names
   */
  OutgoingHeaders(Map<String, List<String>> original) {
    this.original = original;
  }

  final boolean isChanged() {
    return changes != null;
  }

  /** What injection changed, by names whose case does not matter; empty lists are removed ones. */
  final Map<String, List<String>> changes() {
    return changes == null ? Map.of() : changes;
  }

  final Map<String, List<String>> original() {
    return original;
  }

  @Override
  public final @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** The lines before injection. */
  @Override
  public final List<String> headers(String name) {
    return original.getOrDefault(name, List.of());
  }

  final void forEach(BiConsumer<String, String> action) {
    original.forEach(
        (name, values) -> {
          if (changes == null || !changes.containsKey(name)) {
            values.forEach(value -> action.accept(name, value));
          }
        });
    if (changes != null) {
      changes.forEach((name, values) -> values.forEach(value -> action.accept(name, value)));
    }
  }

  private List<String> values(String name) {
    List<String> values = changes == null ? null : changes.get(name);
    return values == null ? original.getOrDefault(name, List.of()) : values;
  }

  private void put(String name, List<String> values) {
    if (changes == null) {
      changes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }
    changes.put(name, values);
  }

  private static final class Access implements HeaderAccess<OutgoingHeaders> {
    @Override
    public @Nullable String get(OutgoingHeaders headers, String name) {
      List<String> values = headers.values(name);
      return values.isEmpty() ? null : values.get(0);
    }

    @Override
    public void set(OutgoingHeaders headers, String name, String value) {
      headers.put(name, List.of(value));
    }

    @Override
    public void add(OutgoingHeaders headers, String name, String value) {
      List<String> values = new ArrayList<>(headers.values(name));
      values.add(value);
      headers.put(name, values);
    }

    @Override
    public void remove(OutgoingHeaders headers, String name) {
      if (!headers.values(name).isEmpty()) {
        headers.put(name, List.of());
      }
    }
  }
}
