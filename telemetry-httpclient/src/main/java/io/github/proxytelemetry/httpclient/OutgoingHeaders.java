package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Headers of an immutable request, with the changes that injection makes to them. */
final class OutgoingHeaders {
  static final HeaderAccess<OutgoingHeaders> ACCESS = new Access();

  private final Map<String, List<String>> original;
  private @Nullable Map<String, List<String>> changes;

  /**
   * @param original the headers of the request, in a map with case-insensitive names
   */
  OutgoingHeaders(Map<String, List<String>> original) {
    this.original = original;
  }

  boolean isChanged() {
    return changes != null;
  }

  /**
   * Copies the request with the JDK's builder, which also copies properties that later JDKs add.
   */
  HttpRequest copy(HttpRequest request, @Nullable BodyPublisher body) {
    Map<String, List<String>> changed = changes == null ? Map.of() : changes;
    try {
      HttpRequest.Builder copy =
          HttpRequest.newBuilder(request, (name, value) -> !changed.containsKey(name));
      changed.forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
      if (body != null) {
        copy.method(request.method(), body);
      }
      return copy.build();
    } catch (RuntimeException refused) {
      // A request class of the host, which the builder rejects: the client decides about it.
      return request;
    }
  }

  void forEach(BiConsumer<String, String> action) {
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
