package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Headers of which nothing is known but how to add to them. */
enum AddedHeaders implements HeaderAccess<BiConsumer<String, String>> {
  ACCESS;

  @Override
  public @Nullable String get(BiConsumer<String, String> headers, String name) {
    return null;
  }

  @Override
  public void set(BiConsumer<String, String> headers, String name, String value) {
    headers.accept(name, value);
  }

  @Override
  public void add(BiConsumer<String, String> headers, String name, String value) {
    headers.accept(name, value);
  }

  @Override
  public void remove(BiConsumer<String, String> headers, String name) {}
}
