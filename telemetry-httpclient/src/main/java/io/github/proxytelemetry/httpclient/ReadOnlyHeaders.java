package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.HeaderAccess;
import java.net.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Access to the headers of an upstream response, which are immutable. */
enum ReadOnlyHeaders implements HeaderAccess<HttpHeaders> {
  ACCESS;

  @Override
  public @Nullable String get(HttpHeaders headers, String name) {
    List<String> values = headers.map().get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  @Override
  public void set(HttpHeaders headers, String name, String value) {}

  @Override
  public void add(HttpHeaders headers, String name, String value) {}

  @Override
  public void remove(HttpHeaders headers, String name) {}
}
