package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BiConsumer;

/**
 * Exchange of a server without an adapter, reported by its handler.
 *
 * <pre>
 * start ─ wrapRequestBody? ─ responseStarted ─ wrapResponseBody? ─┬─ end
 *                                                                 └─ fail
 * </pre>
 *
 * <p>The exchange ends with the first of {@link #end()}, {@link #fail} and closing the stream of
 * {@link #wrapResponseBody}; what comes later has no effect. Its methods may be called
 * concurrently: one thread may read the request while another one answers it.
 */
public final class ManualExchange {
  private final ExchangeObservation observation;
  private final boolean enabled;
  private boolean requestEnded;
  private boolean ended;

  ManualExchange(ExchangeObservation observation, boolean enabled) {
    this.observation = observation;
    this.enabled = enabled;
  }

  /**
   * Returns the observation, for the route, notes, attempts and ids of the exchange, and for {@link
   * HttpClientTelemetry#wrap(java.net.http.HttpClient, ExchangeObservation)}.
   *
   * @return the observation; one that ignores every call if telemetry is off
   */
  public ExchangeObservation observation() {
    return observation;
  }

  /**
   * Wraps the request body, to count it. A failed read is reported as the client's error.
   *
   * @param body the server's stream of the request body
   * @return the stream to read from in its place; {@code body} itself if telemetry is off
   */
  public InputStream wrapRequestBody(InputStream body) {
    return enabled && body != null ? new RequestBodyStream(body, this) : body;
  }

  /**
   * Reports the status of the response, and adds {@code Server-Timing} if that is enabled. Call it
   * before the head is committed.
   *
   * @param status the final status
   * @param addHeader adds a header line to the response, given its name and value
   */
  public void responseStarted(int status, BiConsumer<String, String> addHeader) {
    // Added without the lock, as the host may have one of its own.
    AddedHeaders added = new AddedHeaders();
    responseStarted(status, added, AddedHeaders.ACCESS);
    // Null at run time is ignored: it must not fail the host's request.
    if (addHeader != null) {
      added.addTo(addHeader);
    }
  }

  /**
   * Wraps the response body, to count it. Closing the stream ends the exchange; a failed write ends
   * it with the client's error.
   *
   * @param body the server's stream of the response body
   * @return the stream to write to in its place; {@code body} itself if telemetry is off
   */
  public OutputStream wrapResponseBody(OutputStream body) {
    return enabled && body != null ? new ResponseBodyStream(body, this) : body;
  }

  /** Ends the exchange: the whole response was passed to the server. */
  public synchronized void end() {
    if (!ended) {
      requestEnd();
      ended = true;
      observation.responseEnd();
    }
  }

  /**
   * Ends the exchange without a complete response.
   *
   * @param cause the handler's exception, reported as the proxy's error unless another cause was
   *     noted before, or the client has disconnected
   */
  public void fail(Throwable cause) {
    fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
  }

  synchronized <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (!ended) {
      observation.responseStarted(status, headers, access);
    }
  }

  synchronized void requestBytes(long count) {
    if (!ended) {
      observation.requestBytes(count);
    }
  }

  synchronized void responseBytes(long count) {
    if (!ended) {
      observation.responseBytes(count);
    }
  }

  /** Reading the request failed. */
  synchronized void readFailed(ProxyError error, Throwable cause) {
    if (!ended) {
      observation.note(Side.DOWNSTREAM, error, cause);
    }
  }

  void abort(Throwable cause) {
    fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
  }

  synchronized void requestEnd() {
    if (!requestEnded && !ended) {
      requestEnded = true;
      observation.requestEnd();
    }
  }

  private synchronized void fail(Side side, ProxyError error, Throwable cause) {
    if (!ended) {
      ended = true;
      observation.fail(side, error, cause);
    }
  }
}
