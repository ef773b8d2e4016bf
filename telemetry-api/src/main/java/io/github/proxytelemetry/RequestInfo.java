package io.github.proxytelemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * View of a request head, as received or as about to be sent.
 *
 * <p>Valid only during the call it is passed to, and on the thread of that call, so one instance
 * can serve a whole connection. A back end reads only what it needs. {@code null} means unknown.
 * The values come from the network: a back end treats them as untrusted input.
 */
public interface RequestInfo {
  /**
   * Returns the method, unchanged; the attribute {@code http.request.method}.
   *
   * @return the method, such as {@code GET}
   */
  String method();

  /**
   * Returns path and query of the request target, without scheme and authority; the attribute
   * {@code url.path}.
   *
   * @return the path starting with a slash, or {@code null} for the authority form and the asterisk
   *     form (RFC 9112, section 3.2)
   */
  default @Nullable String path() {
    return null;
  }

  /**
   * Returns the scheme of the request's URL; the attribute {@code url.scheme}.
   *
   * @return {@code http} or {@code https}, or {@code null}
   */
  default @Nullable String scheme() {
    return null;
  }

  /**
   * Returns the HTTP version; the attribute {@code network.protocol.version}.
   *
   * @return {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}, or {@code null}
   */
  default @Nullable String protocolVersion() {
    return null;
  }

  /**
   * Returns the first value of a header.
   *
   * @param name the header's name, case-insensitive
   * @return the value, or {@code null} if the header is absent
   */
  default @Nullable String header(String name) {
    return null;
  }

  /**
   * Returns all values of a header, one per line. Needed for W3C Trace Context, where more than one
   * {@code traceparent} makes the context invalid.
   *
   * @param name the header's name, case-insensitive
   * @return the values in order, empty if the header is absent
   */
  default List<String> headers(String name) {
    String value = header(name);
    return value == null ? List.of() : List.of(value);
  }
}
