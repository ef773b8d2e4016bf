package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * One exchange of a handler, told by hand.
 *
 * <pre>
 * start ─ requestBody? ─ responseStarted ─ responseBody? ─┬─ end
 *                                                         └─ failed
 * </pre>
 *
 * <p>The first of {@link #end()}, {@link #failed} and the closing of the {@link #responseBody}
 * wins. Told by one thread at a time, which need not be the same.
 */
public final class HandledExchange {
  private final ExchangeObservation observation;
  private final boolean enabled;
  private boolean requestEnded;

  HandledExchange(ExchangeObservation observation, boolean enabled) {
    this.observation = observation;
    this.enabled = enabled;
  }

  /**
   * The exchange itself, for what is not told here: its route, notes, attempts, and its ids. Give
   * it to {@link HttpClientTelemetry#wrap(java.net.http.HttpClient, ExchangeObservation)}.
   *
   * @return the observation, which does nothing where telemetry is off
   */
  public ExchangeObservation observation() {
    return observation;
  }

  /**
   * Counts what is read of the request's body. A read that fails is the client's doing.
   *
   * @param body the body as the server gives it
   * @return a stream that reads from {@code body}, or {@code body} where telemetry is off
   */
  public InputStream requestBody(InputStream body) {
    Objects.requireNonNull(body, "body");
    return enabled ? new RequestBody(body, this) : body;
  }

  /**
   * The response's head is about to be committed. Adds {@code Server-Timing} where that is on.
   *
   * @param status the final status
   * @param addHeader adds a line to the response's headers, given a name and a value
   */
  public void responseStarted(int status, BiConsumer<String, String> addHeader) {
    Objects.requireNonNull(addHeader, "addHeader");
    observation.responseStarted(status, addHeader, AddedHeaders.ACCESS);
  }

  /**
   * Counts what is written of the response's body. Closing the stream ends the exchange; a write
   * that fails is the client's doing, and ends it, too.
   *
   * @param body the body as the server gives it
   * @return a stream that writes to {@code body}, or {@code body} where telemetry is off
   */
  public OutputStream responseBody(OutputStream body) {
    Objects.requireNonNull(body, "body");
    return enabled ? new ResponseBody(body, this) : body;
  }

  /** The whole response has been handed to the server. */
  public void end() {
    requestEnd();
    observation.responseEnd();
  }

  /**
   * The handler could not answer, or not to the end.
   *
   * @param cause what it threw; a cause that was noted before, or a client that had left, keeps the
   *     blame
   */
  public void failed(Throwable cause) {
    observation.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, cause);
  }

  <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    observation.responseStarted(status, headers, access);
  }

  void aborted(Throwable cause) {
    observation.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
  }

  void requestEnd() {
    if (!requestEnded) {
      requestEnded = true;
      observation.requestEnd();
    }
  }
}
