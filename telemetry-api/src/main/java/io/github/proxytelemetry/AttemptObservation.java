package io.github.proxytelemetry;

/**
 * One try at getting the response from an upstream: the client span.
 *
 * <pre>
 * startAttempt ─┬─ route? ─ startConnection? ─ connectionAcquired? ───────────────┐
 *               ├─ inject? ─ requestStarted? ─ requestBytes* ─ requestEnd? ───────┼─ end
 *               └─ informational* ─ responseStarted? ─ responseBytes* ─ responseEnd ┘  fail, cancel
 *                                 or responseReceived
 * </pre>
 *
 * <p>{@link #responseEnd()} is its usual end. An attempt that only opened a way, for {@code
 * CONNECT}, ends with {@link #end()}. It may outlive its exchange. Told by one thread at a time,
 * which need not be the exchange's.
 */
public interface AttemptObservation extends Observation {
  /**
   * A new connection is dialled for this attempt. The connection may outlive the attempt.
   *
   * @return the observer of that connection
   */
  default ConnectionObservation startConnection() {
    return Noop.Connection.INSTANCE;
  }

  /**
   * The attempt has its connection; what came before was waiting for it.
   *
   * @param reused whether an earlier attempt had used it
   */
  default void connectionAcquired(boolean reused) {}

  /**
   * What is asked of the upstream.
   *
   * @param template a template from the host's configuration, such as {@code /users/{id}}; never a
   *     path from the network
   */
  default void route(String template) {}

  /**
   * Makes the attempt the current one of this thread, as {@link ExchangeObservation#activate} does
   * for an exchange. It is for calls of the host itself, which have no exchange.
   *
   * @return what ends it
   */
  default Scope activate() {
    return Noop.Activation.INSTANCE;
  }

  /**
   * Writes this attempt's trace context on the request about to go upstream, in place of what
   * stands there.
   *
   * @param headers the request's headers
   * @param access how to write them
   * @param <C> the host's header type
   */
  default <C> void inject(C headers, HeaderAccess<C> access) {}

  /**
   * The request's head is about to be written.
   *
   * @param request the request as it goes upstream, read only during this call
   */
  default void requestStarted(RequestInfo request) {}

  /**
   * A part of the request's body was written to the upstream.
   *
   * @param count bytes of content
   */
  default void requestBytes(long count) {}

  /** The whole request has been handed to the network. */
  default void requestEnd() {}

  /**
   * An interim response arrived. It ends nothing.
   *
   * @param status a status from 100 to 199, but not 101
   */
  default void informational(int status) {}

  /**
   * The head of the response arrived.
   *
   * @param status the final status, or 101
   * @param headers the response's headers, which are only read
   * @param access how to read them
   * @param <C> the host's header type
   */
  default <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {}

  /**
   * The head of the response arrived, and its headers are not to be had.
   *
   * @param status the final status, or 101
   */
  default void responseStarted(int status) {
    responseStarted(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE);
  }

  /**
   * A part of the response's body arrived.
   *
   * @param count bytes of content
   */
  default void responseBytes(long count) {}

  /** The response is complete: the attempt ended well, whatever its status. */
  default void responseEnd() {}

  /**
   * The response arrived whole, just now: its head, its body and its end at once. The same as
   * {@link #responseStarted(int, Object, HeaderAccess)}, {@link #responseBytes} and {@link
   * #responseEnd} one after the other, for a back end that need not ask three times what time it
   * is.
   *
   * @param status the final status
   * @param headers the response's headers, which are only read
   * @param access how to read them
   * @param count bytes of content
   * @param <C> the host's header type
   */
  default <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    responseStarted(status, headers, access);
    responseBytes(count);
    responseEnd();
  }

  /**
   * The response arrived whole, and its headers are not to be had.
   *
   * @param status the final status
   * @param count bytes of content
   */
  default void responseReceived(int status, long count) {
    responseReceived(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE, count);
  }

  /** Given up by the proxy's own decision: the client left, or another attempt won. Terminal. */
  default void cancel() {}
}
