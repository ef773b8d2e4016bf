package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Head of a client's request. An interface, so that what has the request needs no view of it. */
@FunctionalInterface
interface ServerRequestInfo extends RequestInfo {
  Request request();

  /** Starts the exchange of the request, on its connection where that is observed. */
  default ExchangeObservation start(ProxyTelemetry telemetry, @Nullable ServerEndPoint endPoint) {
    long received = request().getBeginNanoTime();
    return endPoint == null
        ? telemetry.startExchange(this, received)
        : endPoint.connection().startExchange(this, received);
  }

  @Override
  default String method() {
    return request().getMethod();
  }

  @Override
  default @Nullable String path() {
    if (HttpMethod.CONNECT.is(method())) {
      return null;
    }
    HttpURI uri = request().getHttpURI();
    String path = uri.getPath();
    if (path == null || !path.startsWith("/")) {
      return null;
    }
    return uri.getQuery() == null ? path : uri.getPathQuery();
  }

  @Override
  default String scheme() {
    return request().getHttpURI().getScheme();
  }

  @Override
  default @Nullable String protocolVersion() {
    return versionNumber(request().getConnectionMetaData().getHttpVersion());
  }

  @Override
  default @Nullable String header(String name) {
    return request().getHeaders().get(name);
  }

  @Override
  default List<String> headers(String name) {
    HttpFields headers = request().getHeaders();
    return headers.contains(name) ? headers.getValuesList(name) : List.of();
  }

  static @Nullable String versionNumber(@Nullable HttpVersion version) {
    if (version == null) {
      return null;
    }
    return switch (version) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2";
      case HTTP_3 -> "3";
      default -> null;
    };
  }
}
