package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.RequestInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's head. */
public record Request(String method, @Nullable String path, Headers fields) implements RequestInfo {
  public static final Request GET = new Request("GET", "/users/7?token=secret", new Headers());
  public static final Request CONNECT = new Request("CONNECT", null, new Headers());

  public static Request of(String method) {
    return new Request(method, "/", new Headers());
  }

  public static Request with(Headers fields) {
    return new Request("GET", "/", fields);
  }

  @Override
  public String scheme() {
    return "https";
  }

  @Override
  public String protocolVersion() {
    return "1.1";
  }

  @Override
  public @Nullable String header(String name) {
    return Headers.ACCESS.get(fields, name);
  }

  @Override
  public List<String> headers(String name) {
    return fields.all(name);
  }
}
