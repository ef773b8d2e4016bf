package io.github.proxytelemetry;

/**
 * Observation of one attempt at getting a response from an upstream; recorded as a client span.
 *
 * <pre>
 * startAttempt ─┬─ route? ─ startConnection? ─ connectionAcquired? ───────────────┐
 *               ├─ inject? ─ requestStarted? ─ requestBytes* ─ requestEnd? ───────┼─ end
 *               └─ informational* ─ responseStarted? ─ responseBytes* ─────────────┤  fail
 *                                 │            responseTrailers? ─ responseEnd ─────┤  cancel
 *                                 ├─ responseStarted ─ responseBytes* ──────────────┤
 *                                 │            responseRestReceived ────────────────┤
 *                                 └─ responseReceived ──────────────────────────────┘
 * </pre>
 *
 * <p>An attempt usually ends with {@link #responseEnd()}; one that only opened a connection, for
 * {@code CONNECT}, ends with {@link #end()}. It may outlive its exchange. Used by one thread at a
 * time, which need not be the thread of the exchange.
 */
public interface AttemptObservation extends Observation {
  /**
   * Starts a new connection that is opened for this attempt. It may outlive the attempt.
   *
   * @return the observation of the connection
   */
  default ConnectionObservation startConnection() {
    return Noop.Connection.INSTANCE;
  }

  /**
   * Records that the attempt has obtained a connection, which ends its waiting time.
   *
   * @param reused whether the connection was used by an earlier attempt
   */
  default void connectionAcquired(boolean reused) {}

  /**
   * Sets the route of the upstream request.
   *
   * @param template a template from the host's configuration, such as {@code /users/{id}}; never
   *     the path of a request, as it becomes a metric label
   */
  default void route(String template) {}

  /**
   * Makes the attempt current on this thread, as {@link ExchangeObservation#activate} does for an
   * exchange. For requests of the host itself, which have no exchange.
   *
   * @return the scope, to be closed on this thread
   */
  default Scope activate() {
    return Noop.Activation.INSTANCE;
  }

  /**
   * Injects the attempt's trace context into the headers of the upstream request, replacing one
   * that is there (W3C Trace Context, section 3.4). Call it before the head is written.
   *
   * @param headers the request's headers
   * @param access the accessor for the headers
   * @param <C> the host's header type
   */
  default <C> void inject(C headers, HeaderAccess<C> access) {}

  /**
   * Records that the request head is about to be written.
   *
   * @param request the request as it is sent upstream, valid during this call only
   */
  default void requestStarted(RequestInfo request) {}

  /**
   * Adds bytes of the request body written to the upstream.
   *
   * @param count bytes of content, without framing; negative values are ignored
   */
  default void requestBytes(long count) {}

  /**
   * Records that the request's trailers are about to be written. The back end may change them
   * during this call. An early response does not stop the request, so this may follow the end of
   * the attempt.
   *
   * @param trailers the trailers
   * @param access the accessor for the trailers
   * @param <C> the host's header type
   */
  default <C> void requestTrailers(C trailers, HeaderAccess<C> access) {}

  /** Records that the whole request was written. */
  default void requestEnd() {}

  /**
   * Records an interim response (RFC 9110, section 15.2).
   *
   * @param status a status from 100 to 199, except 101
   */
  default void informational(int status) {}

  /**
   * Sets the HTTP version of the response, the attribute {@code network.protocol.version}, for a
   * host that does not know it with the request; it replaces that of the request. Call it before
   * the end of the attempt.
   *
   * @param version {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}; another one is ignored
   */
  default void protocolVersion(String version) {}

  /**
   * Records that the response head arrived.
   *
   * @param status the final status, or 101
   * @param headers the response's headers, read and not changed
   * @param access the accessor for the headers
   * @param <C> the host's header type
   */
  default <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {}

  /**
   * Records that the response head arrived, in a host that does not expose its headers.
   *
   * @param status the final status, or 101
   */
  default void responseStarted(int status) {
    responseStarted(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE);
  }

  /**
   * Adds bytes of the response body read from the upstream.
   *
   * @param count bytes of content, without framing; negative values are ignored
   */
  default void responseBytes(long count) {}

  /**
   * Records that the response's trailers arrived. Call it before {@link #responseEnd}.
   *
   * @param trailers the trailers, read and not changed
   * @param access the accessor for the trailers
   * @param <C> the host's header type
   */
  default <C> void responseTrailers(C trailers, HeaderAccess<C> access) {}

  /**
   * Ends the attempt: the response is complete, whatever its status. A back end may still count it
   * as failed if the response is a gRPC one, and its {@code grpc-status} an error. Terminal.
   */
  default void responseEnd() {}

  /**
   * Records the rest of a response that arrived together with its head, and ends the attempt.
   * Equivalent to {@link #responseBytes} and {@link #responseEnd} in sequence; lets a back end take
   * the time of the event before it for both. Terminal.
   *
   * @param count bytes of content, without framing; negative values are ignored
   */
  default void responseRestReceived(long count) {
    responseBytes(count);
    responseEnd();
  }

  /**
   * Records a response that arrived as a whole, and ends the attempt. Equivalent to {@link
   * #responseStarted(int, Object, HeaderAccess)}, {@link #responseBytes} and {@link #responseEnd}
   * in sequence; lets a back end read the clock once instead of three times. Terminal.
   *
   * @param status the final status
   * @param headers the response's headers, read and not changed
   * @param access the accessor for the headers
   * @param count bytes of content, without framing
   * @param <C> the host's header type
   */
  default <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    responseStarted(status, headers, access);
    responseBytes(count);
    responseEnd();
  }

  /**
   * Records a response that arrived as a whole, in a host that does not expose its headers.
   * Terminal.
   *
   * @param status the final status
   * @param count bytes of content, without framing
   */
  default void responseReceived(int status, long count) {
    responseReceived(status, Noop.Headers.INSTANCE, Noop.Headers.INSTANCE, count);
  }

  /** Ends an attempt that the proxy gave up: its client left, or another attempt won. Terminal. */
  default void cancel() {}
}
