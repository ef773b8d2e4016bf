package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Headers that a back end adds to a response, kept until the host may be called. */
final class AddedHeaders {
  static final HeaderAccess<AddedHeaders> ACCESS = new Access();

  private @Nullable List<String> namesAndValues;

  void addTo(BiConsumer<String, String> host) {
    List<String> added = namesAndValues;
    if (added == null) {
      return;
    }
    for (int i = 0; i < added.size(); i += 2) {
      try {
        host.accept(added.get(i), added.get(i + 1));
      } catch (Throwable thrown) {
        // Code of the host, for instance on a committed response. The response goes on without it.
      }
    }
  }

  private void add(String name, String value) {
    List<String> added = namesAndValues;
    if (added == null) {
      added = new ArrayList<>(2);
      namesAndValues = added;
    }
    added.add(name);
    added.add(value);
  }

  /** Access to headers that can only be added to. */
  private static final class Access implements HeaderAccess<AddedHeaders> {
    @Override
    public @Nullable String get(AddedHeaders headers, String name) {
      return null;
    }

    @Override
    public void set(AddedHeaders headers, String name, String value) {
      headers.add(name, value);
    }

    @Override
    public void add(AddedHeaders headers, String name, String value) {
      headers.add(name, value);
    }

    @Override
    public void remove(AddedHeaders headers, String name) {}
  }
}
