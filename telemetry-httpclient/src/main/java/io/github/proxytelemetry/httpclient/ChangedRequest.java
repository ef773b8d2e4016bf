package io.github.proxytelemetry.httpclient;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Request of the host with other headers, or with its body observed. It costs a third of the copy
 * that the JDK's builder makes, and is used where requests of the running JDK have no property that
 * it would hide.
 */
final class ChangedRequest extends HttpRequest {
  /** The newest JDK whose requests have no other property than those below; 26 adds options. */
  private static final boolean KNOWS_ALL = Runtime.version().feature() <= 25;

  private final HttpRequest original;
  private final HttpHeaders headers;
  private final @Nullable BodyPublisher body;

  /**
   * @param changes the headers, whose changes are made
   * @param body the body to send instead, or {@code null}
   */
  static HttpRequest of(
      HttpRequest original, OutgoingHeaders changes, @Nullable BodyPublisher body) {
    try {
      return KNOWS_ALL
          ? new ChangedRequest(original, headers(original, changes), body)
          : copy(original, changes.changes(), body);
    } catch (RuntimeException refused) {
      // A request class of the host, which the JDK rejects: the client decides about it.
      return original;
    }
  }

  private ChangedRequest(HttpRequest original, HttpHeaders headers, @Nullable BodyPublisher body) {
    this.original = original;
    this.headers = headers;
    this.body = body;
  }

  @Override
  public Optional<BodyPublisher> bodyPublisher() {
    return body == null ? original.bodyPublisher() : Optional.of(body);
  }

  @Override
  public String method() {
    return original.method();
  }

  @Override
  public Optional<Duration> timeout() {
    return original.timeout();
  }

  @Override
  public boolean expectContinue() {
    return original.expectContinue();
  }

  @Override
  public URI uri() {
    return original.uri();
  }

  @Override
  public Optional<Version> version() {
    return original.version();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  private static HttpHeaders headers(HttpRequest original, OutgoingHeaders changes) {
    if (!changes.isChanged()) {
      return original.headers();
    }
    Map<String, List<String>> all = changes.changes();
    if (!changes.original().isEmpty()) {
      all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      all.putAll(changes.original());
      all.putAll(changes.changes());
    }
    return HttpHeaders.of(all, (name, value) -> true);
  }

  /** Copies the request with the JDK's builder, which knows the properties that later JDKs add. */
  static HttpRequest copy(
      HttpRequest original, Map<String, List<String>> changed, @Nullable BodyPublisher body) {
    HttpRequest.Builder copy =
        HttpRequest.newBuilder(original, (name, value) -> !changed.containsKey(name));
    changed.forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
    if (body != null) {
      copy.method(original.method(), body);
    }
    return copy.build();
  }
}
