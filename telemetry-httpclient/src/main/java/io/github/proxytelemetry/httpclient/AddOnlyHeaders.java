package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Access to headers that can only be added to. */
enum AddOnlyHeaders implements HeaderAccess<BiConsumer<String, String>> {
  ACCESS;

  @Override
  public @Nullable String get(BiConsumer<String, String> headers, String name) {
    return null;
  }

  @Override
  public void set(BiConsumer<String, String> headers, String name, String value) {
    add(headers, name, value);
  }

  @Override
  public void add(BiConsumer<String, String> headers, String name, String value) {
    try {
      headers.accept(name, value);
    } catch (Throwable thrown) {
      // Code of the host, for instance on a committed response. The response goes on without it.
    }
  }

  @Override
  public void remove(BiConsumer<String, String> headers, String name) {}
}
