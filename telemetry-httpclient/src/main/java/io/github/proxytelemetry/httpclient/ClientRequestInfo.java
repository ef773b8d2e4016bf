package io.github.proxytelemetry.httpclient;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import org.jspecify.annotations.Nullable;

/** Head of a request of the JDK's client. */
final class ClientRequestInfo extends OutgoingHeaders {
  private final HttpRequest request;

  ClientRequestInfo(HttpRequest request) {
    super(request.headers().map());
    this.request = request;
  }

  /** The request to send, with the changed headers and the body, if one is given. */
  HttpRequest toSend(@Nullable BodyPublisher body) {
    return isChanged() || body != null ? ChangedRequest.of(request, this, body) : request;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    return path(request.uri());
  }

  @Override
  public @Nullable String scheme() {
    return request.uri().getScheme();
  }

  /** The path and query of a URI. */
  static String path(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String rooted = path == null || path.isEmpty() ? "/" : path;
    return query == null ? rooted : rooted + "?" + query;
  }
}
