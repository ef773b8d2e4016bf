package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.HeaderAccess;
import org.jspecify.annotations.Nullable;

/** The headers of a response of the JDK's server. */
enum ServerHeaders implements HeaderAccess<Headers> {
  ACCESS;

  @Override
  public @Nullable String get(Headers headers, String name) {
    return headers.getFirst(name);
  }

  @Override
  public void set(Headers headers, String name, String value) {
    headers.set(name, value);
  }

  @Override
  public void add(Headers headers, String name, String value) {
    headers.add(name, value);
  }

  @Override
  public void remove(Headers headers, String name) {
    headers.remove(name);
  }
}
