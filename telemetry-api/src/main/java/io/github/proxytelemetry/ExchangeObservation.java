package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Observation of a client's request and its response; recorded as a server span.
 *
 * <pre>
 * startExchange ─┬─ route? ─ handlingStarted? ──────────────────────────────────────┐
 *                ├─ requestBytes* ─ requestEnd? ────────────────────────────────────┤
 *                ├─ startAttempt* ──────────────────────────────────────────────────┼─ end
 *                ├─ note? ──────────────────────────────────────────────────────────┤  fail
 *                └─ informational* ─ responseStarted? ─ responseBytes* ──────────────┤  discard
 *                                          │  responseTrailers? ─ responseEnd? ───────┘
 *                                          └─ startTunnel? (ends the exchange)
 * </pre>
 *
 * <p>Request and response may overlap: an early response can end before its request does. The
 * exchange ends when both have ended, or at the first terminal call. Its duration ends with the
 * response.
 */
public interface ExchangeObservation extends Observation {
  /**
   * Sets the route that the host matched; the attribute {@code http.route}.
   *
   * @param template a template from the host's configuration, such as {@code /users/{id}}; never
   *     the path of a request, as it becomes a metric label
   */
  default void route(String template) {}

  /** Records that the host starts to handle the request: the end of its time in a queue. */
  default void handlingStarted() {}

  /**
   * Adds bytes of the request body read from the client.
   *
   * @param count bytes of content, without framing and before decoding; negative values are ignored
   */
  default void requestBytes(long count) {}

  /** Records that the whole request was read. */
  default void requestEnd() {}

  /**
   * Records an interim response (RFC 9110, section 15.2).
   *
   * @param status a status from 100 to 199, except 101
   */
  default void informational(int status) {}

  /**
   * Records that an interim response is about to be written. The back end may change its headers
   * during this call.
   *
   * @param status a status from 100 to 199, except 101
   * @param headers the interim response's headers
   * @param access the accessor for the headers
   * @param <C> the host's header type
   */
  default <C> void informational(int status, C headers, HeaderAccess<C> access) {
    informational(status);
  }

  /**
   * Records that the response head is about to be written. The back end may change the headers
   * during this call, which is where it adds {@code Server-Timing}.
   *
   * @param status the final status, or 101
   * @param headers the response's headers
   * @param access the accessor for the headers
   * @param <C> the host's header type
   */
  default <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {}

  /**
   * Records that the response head was written, in a host that does not expose its headers.
   *
   * @param status the final status, or 101
   */
  default void responseStarted(int status) {
    responseStarted(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE);
  }

  /**
   * Adds bytes of the response body written to the client.
   *
   * @param count bytes of content, without framing and after encoding; negative values are ignored
   */
  default void responseBytes(long count) {}

  /**
   * Records that the response's trailers are about to be written. The back end may change them
   * during this call, and reads the {@code grpc-status} of a gRPC response from them. Call it
   * before {@link #responseEnd}.
   *
   * @param trailers the trailers
   * @param access the accessor for the trailers
   * @param <C> the host's header type
   */
  default <C> void responseTrailers(C trailers, HeaderAccess<C> access) {}

  /** Records that the last byte of the response was written. */
  default void responseEnd() {}

  /**
   * Notes an error while the exchange goes on, as the client may still get an error response. The
   * first note is the error of the exchange, even if that response is delivered completely.
   *
   * @param side the side that caused the error
   * @param error the error type, in the terms of RFC 9209
   * @param cause the exception, if there is one; its class may be used, its message is never
   *     exported
   */
  default void note(Side side, ProxyError error, @Nullable Throwable cause) {}

  /**
   * Ends the exchange without counting it, where it turns out to be none: the HTTP/1.1 half of an
   * h2c upgrade, for example. Terminal.
   */
  default void discard() {}

  /**
   * Makes the exchange current on this thread: log lines can carry its IDs, and spans that the host
   * starts become children of its span.
   *
   * @return the scope, to be closed on this thread
   */
  default Scope activate() {
    return Noop.Activation.INSTANCE;
  }

  /**
   * Returns the ID of the trace, for an access log.
   *
   * @return 32 lower-case hex digits, or {@code null} if tracing is off
   */
  default @Nullable String traceId() {
    return null;
  }

  /**
   * Returns the ID of the exchange's span, for an access log.
   *
   * @return 16 lower-case hex digits, or {@code null} if tracing is off
   */
  default @Nullable String spanId() {
    return null;
  }

  /**
   * Starts an attempt at an upstream. Each retry and each hedged request is an attempt of its own.
   *
   * @param upstream the destination
   * @return the observation of the attempt
   */
  default AttemptObservation startAttempt(Upstream upstream) {
    return Noop.Attempt.INSTANCE;
  }

  /**
   * Starts the tunnel that a 101, or a 2xx to {@code CONNECT}, opens, and ends the exchange.
   * Terminal.
   *
   * @param kind the kind of tunnel
   * @return the observation of the tunnel
   */
  default TunnelObservation startTunnel(TunnelKind kind) {
    return Noop.Tunnel.INSTANCE;
  }
}
