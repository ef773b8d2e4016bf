package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.ProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.HttpRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Attempt of one upstream request, from the queue of its destination to its completion.
 *
 * <p>Jetty reports the request on one thread and the response on another, and either may fail while
 * the other goes on. So the events of the attempt, but for its end, are reported under the lock
 * that marks the end: none follows it.
 */
final class ClientAttempt
    implements Request.Listener, Response.FailureListener, Response.CompleteListener {
  /** Attribute of an upstream request: the server's request that it belongs to. */
  static final String DOWNSTREAM = ClientAttempt.class.getName() + ".downstream";

  // The same attribute of Jetty's own ProxyHandler.
  private static final String PROXIED = "org.eclipse.jetty.proxy.ProxyHandler.clientToProxyRequest";
  private static final String KEY = ClientAttempt.class.getName();

  private final Request request;
  private final UpstreamTelemetry telemetry;
  private @Nullable ServerExchange exchange;
  private @Nullable AttemptObservation current;
  private boolean dialled;
  private volatile boolean dialling;
  private volatile @Nullable Throwable dialFailure;
  private boolean begun;
  private boolean ended;
  private volatile boolean requestDone;
  private volatile boolean responseDone;
  private volatile boolean switched;

  private ClientAttempt(Request request, UpstreamTelemetry telemetry) {
    this.request = request;
    this.telemetry = telemetry;
  }

  static void observe(Request request, UpstreamTelemetry telemetry) {
    if (of(request) != null) {
      return;
    }
    ClientAttempt attempt = new ClientAttempt(request, telemetry);
    request.attribute(KEY, attempt);
    request.onRequestListener(attempt);
    request.onResponseFailure(attempt);
    request.onComplete(attempt);
  }

  static @Nullable ClientAttempt of(Request request) {
    return request.getAttributes().get(KEY) instanceof ClientAttempt attempt ? attempt : null;
  }

  /**
   * Assigns a dial to the first queued request without one: Jetty dials for a destination, not for
   * a request.
   *
   * @return the attempt, or {@code null} if no request waits for the dial
   */
  static @Nullable ClientAttempt startDial(Destination destination) {
    if (destination instanceof HttpDestination queue) {
      for (HttpExchange waiting : queue.getHttpExchanges()) {
        ClientAttempt attempt = of(waiting.getRequest());
        if (attempt != null && !attempt.dialled) {
          attempt.dialled = true;
          attempt.dialling = true;
          return attempt;
        }
      }
    }
    return null;
  }

  /** The connection that was dialled for this attempt is open; another request may get it. */
  void dialSucceeded() {
    dialling = false;
  }

  void dialFailed(Throwable failure) {
    dialFailure = failure;
  }

  /** The status of a response was parsed. */
  @Nullable ProtocolHandler statusReceived(
      Request responding, Response response, @Nullable ProtocolHandler handler) {
    int status = response.getStatus();
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101) {
      head(response);
      switched = true;
      responseEnd();
      return handler;
    }
    if (HttpStatus.isInterim(status)) {
      informational(status);
      return handler;
    }
    return ClientResponse.observe(this, responding, handler);
  }

  /** The observation, started on first use. One thread may queue a request and another send it. */
  synchronized AttemptObservation attempt() {
    AttemptObservation attempt = current;
    if (attempt == null) {
      exchange = downstream(request);
      attempt = telemetry.startAttempt(exchange == null ? null : exchange.exchange(), request);
      current = attempt;
    }
    return attempt;
  }

  @Override
  public void onQueued(Request queued) {
    attempt();
  }

  @Override
  public void onBegin(Request beginning) {
    if (begun) {
      restart();
    }
    begun = true;
    ClientEndPoint endPoint = endPoint();
    connectionAcquired(endPoint == null ? !dialled : endPoint.acquire());
  }

  private synchronized void connectionAcquired(boolean reused) {
    AttemptObservation attempt = attempt();
    if (!ended) {
      attempt.connectionAcquired(reused);
      attempt.inject(request.getHeaders(), HttpFieldsAccess.ACCESS);
    }
  }

  @Override
  public void onHeaders(Request sending) {
    Supplier<HttpFields> trailers = request.getTrailersSupplier();
    if (trailers != null && !(trailers instanceof ObservedTrailers)) {
      request.trailersSupplier(new ObservedTrailers(trailers, this::requestTrailers));
    }
    ClientEndPoint endPoint = endPoint();
    if (endPoint == null || endPoint.isReady(this)) {
      requestStarted();
    }
  }

  synchronized void requestStarted() {
    if (!ended) {
      attempt().requestStarted(new ClientRequestInfo(request));
    }
  }

  @Override
  public void onContent(Request sending, ByteBuffer content) {
    int bytes = content.remaining();
    if (bytes > 0) {
      requestBytes(bytes);
    }
  }

  private synchronized void requestBytes(int count) {
    if (!ended) {
      attempt().requestBytes(count);
    }
  }

  @Override
  public void onSuccess(Request sent) {
    requestEnd();
    requestDone = true;
    if (responseDone) {
      end();
    }
  }

  /** The head of the response was parsed. */
  void responseStarted(Response response) {
    if (exchange != null) {
      exchange.failures().upstreamAnswered();
    }
    head(response);
  }

  private synchronized void head(Response response) {
    if (!ended) {
      attempt()
          .responseStarted(response.getStatus(), response.getHeaders(), HttpFieldsAccess.ACCESS);
    }
  }

  private synchronized void informational(int status) {
    if (!ended) {
      attempt().informational(status);
    }
  }

  /** A part of the response was read by the host. */
  synchronized void responseBytes(int count) {
    if (!ended) {
      attempt().responseBytes(count);
    }
  }

  private synchronized void requestTrailers(HttpFields trailers) {
    if (!ended) {
      attempt().requestTrailers(trailers, HttpFieldsAccess.ACCESS);
    }
  }

  /** The trailers of the response were parsed, and its end is next. */
  synchronized void responseTrailers(HttpFields trailers) {
    if (!ended) {
      attempt().responseTrailers(trailers, HttpFieldsAccess.ACCESS);
    }
  }

  /**
   * The response is complete. Jetty may report later that the request was sent, so the attempt ends
   * with the later of the two.
   */
  void responseEnd() {
    responseDone = true;
    if (requestDone) {
      end();
    }
  }

  @Override
  public void onFailure(Response response, Throwable failure) {
    failed(failure);
  }

  @Override
  public void onComplete(Result result) {
    if (result.isFailed() && !responseDone) {
      failed(result.getFailure());
    } else {
      end();
    }
  }

  void failed(Throwable failure) {
    AttemptObservation attempt = takeEnd();
    if (attempt == null) {
      return;
    }
    if (failure instanceof CancellationException
        || (exchange != null && exchange.failures().isDownstream())) {
      attempt.cancel();
      return;
    }
    ClientFailure failed = new ClientFailure(request, begun, dialling, dialFailure, failure);
    Side side = failed.side();
    ProxyError error = failed.error();
    attempt.fail(side, error, failure);
    if (exchange != null) {
      exchange.recordFailure().attemptFailed(side, error, failure);
    }
  }

  /** Jetty found the connection closed, and sends the request on another one: a new attempt. */
  private synchronized void restart() {
    AttemptObservation last = current == null ? null : takeEnd();
    if (last != null) {
      last.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
    current = null;
    ended = false;
  }

  private void end() {
    AttemptObservation attempt = takeEnd();
    if (attempt == null) {
      return;
    }
    if (responseDone && !switched) {
      attempt.responseEnd();
    } else {
      attempt.end();
    }
  }

  private synchronized void requestEnd() {
    if (!ended) {
      attempt().requestEnd();
    }
  }

  /**
   * Returns the attempt at its first end, else {@code null}: Jetty reports it up to three times. In
   * one step, as a restart on another thread replaces the attempt and may end again.
   */
  private synchronized @Nullable AttemptObservation takeEnd() {
    if (ended) {
      return null;
    }
    ended = true;
    return attempt();
  }

  private @Nullable ClientEndPoint endPoint() {
    return request.getConnection() instanceof Connection connection
        ? ForwardingEndPoint.find(connection.getEndPoint(), ClientEndPoint.class)
        : null;
  }

  private static @Nullable ServerExchange downstream(Request request) {
    Object downstream = boundTo(request);
    if (downstream == null && request instanceof HttpRequest sent) {
      // Jetty's copy of a request, for a redirect or with credentials, lacks the attributes.
      HttpExchange first = sent.getConversation().getExchanges().peekFirst();
      downstream = first == null ? null : boundTo(first.getRequest());
    }
    return downstream instanceof org.eclipse.jetty.server.Request received
        ? ExchangeLookup.exchangeOf(received)
        : null;
  }

  private static @Nullable Object boundTo(Request request) {
    Object downstream = request.getAttributes().get(DOWNSTREAM);
    return downstream == null ? request.getAttributes().get(PROXIED) : downstream;
  }
}
