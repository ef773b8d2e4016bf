package io.github.proxytelemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view of a request's head, as it was received or as it is about to be sent.
 *
 * <p>It is read only during the call it is passed to, on the thread of that call, so one instance
 * may serve a whole connection. Nothing is read that is not needed. {@code null} means "not known".
 * Everything in it comes from the network and is treated as hostile.
 */
public interface RequestInfo {
  /**
   * The request method as it stands on the wire; feeds {@code http.request.method}.
   *
   * @return the method, such as {@code GET}
   */
  String method();

  /**
   * The request target's path and query, without scheme and authority; feeds {@code url.path}.
   *
   * @return the path beginning with a slash, or {@code null} for {@code CONNECT} and {@code *}
   */
  default @Nullable String path() {
    return null;
  }

  /**
   * The scheme of the request's URL; feeds {@code url.scheme}.
   *
   * @return {@code http} or {@code https}, or {@code null}
   */
  default @Nullable String scheme() {
    return null;
  }

  /**
   * The protocol version; feeds {@code network.protocol.version}.
   *
   * @return {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}, or {@code null}
   */
  default @Nullable String protocolVersion() {
    return null;
  }

  /**
   * The first value of a header.
   *
   * @param name the header's name, in any case
   * @return the value, or {@code null} where there is no such header
   */
  default @Nullable String header(String name) {
    return null;
  }

  /**
   * Every value of a header, one per header line. W3C Trace Context asks for it: more than one
   * {@code traceparent} invalidates the context.
   *
   * @param name the header's name, in any case
   * @return the values in their order, empty where there is no such header
   */
  default List<String> headers(String name) {
    String value = header(name);
    return value == null ? List.of() : List.of(value);
  }
}
