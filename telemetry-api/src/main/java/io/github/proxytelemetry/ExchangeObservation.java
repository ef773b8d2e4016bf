package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * One request of a client and the response it got: the server span.
 *
 * <pre>
 * startExchange ─┬─ route? ─ handlingStarted? ──────────────────────────────────────┐
 *                ├─ requestBytes* ─ requestEnd? ────────────────────────────────────┤
 *                ├─ startAttempt* ──────────────────────────────────────────────────┼─ end
 *                ├─ note? ──────────────────────────────────────────────────────────┤  fail
 *                └─ informational* ─ responseStarted? ─ responseBytes* ─ responseEnd? ┘  discard
 *                                          └─ startTunnel? (ends the exchange)
 * </pre>
 *
 * <p>The request side and the response side may overlap: an early answer ends before its request.
 * The exchange is over when both sides have ended, or at the first terminal call. Its duration runs
 * to the end of the response.
 */
public interface ExchangeObservation extends Observation {
  /**
   * The route that the host matched.
   *
   * @param template a template from the host's configuration, such as {@code /users/{id}}; never a
   *     path from the network
   */
  default void route(String template) {}

  /** The host began to work on the request; the time before it was spent in a queue. */
  default void handlingStarted() {}

  /**
   * A part of the request's body was read from the client.
   *
   * @param count bytes of content, before any decoding
   */
  default void requestBytes(long count) {}

  /** The whole request has been read from the client. */
  default void requestEnd() {}

  /**
   * An interim response is on its way to the client. It ends nothing.
   *
   * @param status a status from 100 to 199, but not 101
   */
  default void informational(int status) {}

  /**
   * The response's head is about to be written: its last chance to change. This is where the {@code
   * Server-Timing} header is added.
   *
   * @param status the final status, or 101
   * @param headers the response's headers
   * @param access how to read and write them
   * @param <C> the host's header type
   */
  default <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {}

  /**
   * The response's head has been written by something that lets nobody see the headers.
   *
   * @param status the final status, or 101
   */
  default void responseStarted(int status) {
    responseStarted(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE);
  }

  /**
   * A part of the response's body was written to the client.
   *
   * @param count bytes of content, after any encoding
   */
  default void responseBytes(long count) {}

  /** The last byte of the response was handed to the network. */
  default void responseEnd() {}

  /**
   * Something went wrong that the client may yet get an answer to. The first cause that is noted
   * wins and survives a delivered error response. It ends nothing.
   *
   * @param side who caused it
   * @param error what happened
   * @param cause the exception behind it, if there is one; its message is never exported
   */
  default void note(Side side, ProxyError error, @Nullable Throwable cause) {}

  /**
   * This was no exchange after all, such as the first half of an h2c upgrade: nothing is counted.
   */
  default void discard() {}

  /**
   * Makes the exchange the current one of this thread: log lines carry its ids, and spans started
   * by the host become its children.
   *
   * @return what ends it
   */
  default Scope activate() {
    return Noop.Activation.INSTANCE;
  }

  /**
   * The trace this exchange belongs to, for an access log.
   *
   * @return 32 lower-case hex digits, or {@code null} where nothing is traced
   */
  default @Nullable String traceId() {
    return null;
  }

  /**
   * The span of this exchange, for an access log.
   *
   * @return 16 lower-case hex digits, or {@code null} where nothing is traced
   */
  default @Nullable String spanId() {
    return null;
  }

  /**
   * One try at getting the response from an upstream begins. Retries and hedges are further
   * attempts.
   *
   * @param upstream where it goes
   * @return the observer of that attempt
   */
  default AttemptObservation startAttempt(Upstream upstream) {
    return Noop.Attempt.INSTANCE;
  }

  /**
   * The response was a 101, or a 2xx to {@code CONNECT}: ends this exchange, and observes the byte
   * pipe that takes its place.
   *
   * @param kind how it came to be
   * @return the observer of the tunnel
   */
  default TunnelObservation startTunnel(TunnelKind kind) {
    return Noop.Tunnel.INSTANCE;
  }
}
