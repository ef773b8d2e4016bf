package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stream wrapper that observes one request and its response.
 *
 * <p>A stream wrapper is below every wrapper of the request, so all bytes of both pass through it,
 * those of Jetty's own error pages included.
 *
 * <p>The host reads the request on one thread and writes the response on another, and the stream
 * may fail while either goes on. So the events of the exchange, but for its end, are reported under
 * the lock that marks the end: none follows it.
 *
 * <p>It is also the function that Jetty calls to install it, and the view of the request that the
 * exchange is started with, which saves two objects per request.
 */
class ServerExchange extends HttpStream.Wrapper
    implements Function<HttpStream, HttpStream>, ServerRequestInfo {
  private final ExchangeObservation exchange;
  private final Request request;
  private final @Nullable ServerEndPoint endPoint;
  private final ServerResponse response = new ServerResponse(this);
  private @Nullable HttpStream stream;
  private boolean requestEnded;
  private volatile boolean responseEnded;
  private boolean ended;
  private volatile @Nullable FailureAttribution failures;
  private @Nullable ServerTunnel tunnel;

  ServerExchange(ProxyTelemetry telemetry, Request request, @Nullable ServerEndPoint endPoint) {
    super(null);
    this.request = request;
    this.endPoint = endPoint;
    this.exchange = start(telemetry, endPoint);
  }

  @Override
  public final Request request() {
    return request;
  }

  final ExchangeObservation exchange() {
    return exchange;
  }

  final @Nullable ServerEndPoint endPoint() {
    return endPoint;
  }

  final ServerResponse response() {
    return response;
  }

  /** The tunnel that has replaced the exchange. */
  final @Nullable TunnelObservation tunnel() {
    return tunnel == null ? null : tunnel.observation();
  }

  /** The tunnel that may replace the exchange; created on first use. */
  final ServerTunnel serverTunnel() {
    if (tunnel == null) {
      tunnel = new ServerTunnel(exchange);
    }
    return tunnel;
  }

  /** The attribution of the failures so far. */
  final FailureAttribution failures() {
    // Null and not NONE until then, to save each request a volatile write.
    FailureAttribution current = failures;
    return current == null ? FailureAttribution.NONE : current;
  }

  /** The attribution that a failure is added to; created with the first one. */
  final synchronized FailureAttribution recordFailure() {
    FailureAttribution current = failures;
    if (current == null) {
      current = new FailureAttribution(exchange, this::note);
      failures = current;
    }
    return current;
  }

  private synchronized void note(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!isOver()) {
      exchange.note(side, error, cause);
    }
  }

  /** Ends the exchange; later calls have no effect. */
  final void end() {
    if (markEnded()) {
      exchange.end();
    }
  }

  /** Ends the exchange without a complete response; later calls have no effect. */
  final void fail(Throwable failure) {
    if (markEnded()) {
      recordFailure().fail(failure);
    }
  }

  @Override
  public HttpStream apply(HttpStream current) {
    stream = current;
    return this;
  }

  @Override
  public HttpStream getWrapped() {
    return Objects.requireNonNull(stream);
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk chunk = getWrapped().read();
    if (Content.Chunk.isFailure(chunk)) {
      // Below TLS it is not visible whether the client has closed its side.
      recordFailure()
          .readFailed(
              chunk.getFailure(), endPoint == null || endPoint.isBroken() || request.isSecure());
      return chunk;
    }
    if (chunk != null && chunk.hasRemaining()) {
      requestBytes(chunk.remaining());
    }
    if (chunk != null && chunk.isLast()) {
      requestEnd();
    }
    return chunk;
  }

  private synchronized void requestBytes(int count) {
    if (!isOver()) {
      exchange.requestBytes(count);
    }
  }

  /** The end of the request was read. */
  final synchronized void requestEnd() {
    if (!requestEnded && !isOver()) {
      requestEnded = true;
      exchange.requestEnd();
    }
  }

  @Override
  public @Nullable TunnelSupport getTunnelSupport() {
    TunnelSupport support = getWrapped().getTunnelSupport();
    if (support == null || support.getEndPoint() == endPoint) {
      return support;
    }
    return serverTunnel().endPoint(support);
  }

  @Override
  public void send(
      MetaData.Request sent,
      MetaData.@Nullable Response head,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    if (head != null && HttpStatus.isInterim(head.getStatus())) {
      getWrapped().send(sent, interim(head), last, content, callback);
      return;
    }
    MetaData.Response written = head;
    if (head != null && canSend(head)) {
      written = responseStarted(head);
    }
    int bytes = response.length(content);
    if (bytes > 0) {
      responseBytes(bytes);
    }
    boolean complete = response.take(bytes) || last;
    if (complete) {
      lastWriteBegins(response.isBodyless() ? null : content);
    }
    getWrapped().send(sent, written, last, content, response.begin(complete, callback));
  }

  private synchronized MetaData.Response interim(MetaData.Response head) {
    return isOver() ? head : HttpFieldsAccess.interim(head, exchange);
  }

  private synchronized void responseBytes(int count) {
    if (!isOver()) {
      exchange.responseBytes(count);
    }
  }

  /** Also called while Jetty holds a lock; the returned task is not. */
  @Override
  public Runnable cancelSend(Throwable cause, Callback appCallback) {
    Runnable cancel = getWrapped().cancelSend(cause, appCallback);
    return () -> {
      if (isInFlight(cause)) {
        recordFailure().suspectClient(cause);
      } else {
        response.fail(cause);
        lastWriteFinished();
      }
      cancel.run();
    };
  }

  /** The last byte of the response was passed to the socket. */
  final void responseEnd() {
    if (endResponse() && tunnel() != null) {
      serverTunnel().begin(endPoint);
    }
  }

  /** Returns whether this is the first end of the response, or of the head that opens a tunnel. */
  private synchronized boolean endResponse() {
    boolean first = !responseEnded;
    boolean over = isOver();
    responseEnded = true;
    if (first && !over) {
      exchange.responseEnd();
    }
    return first;
  }

  /** Whether the client can receive this head; Jetty replaces one that is too large. */
  boolean canSend(MetaData.Response head) {
    return ServerResponse.fits(head, request.getConnectionMetaData().getHttpConfiguration());
  }

  /** The last write begins; the client receives {@code content} with it. */
  void lastWriteBegins(@Nullable ByteBuffer content) {}

  /** The outcome of the last write was reported, or never will be. */
  void lastWriteFinished() {}

  /** The last write failed, and its bytes seem not to have been sent. */
  void lastWriteFailed(Throwable failure) {}

  /** Whether a write is in progress whose outcome decides how the response ends. */
  boolean isInFlight(Throwable failure) {
    return false;
  }

  /** Whether the socket has taken the last byte, even if the write was reported as failed. */
  boolean isFlushed(Throwable failure) {
    return endPoint != null && endPoint.isDrained() && !ErrorClassifier.isStreamReset(failure);
  }

  /** Whether the last byte of the response is known to have been passed to the socket. */
  final boolean hasResponseEnded() {
    return responseEnded;
  }

  /** Whether the client has the whole response, whatever happens to the stream. */
  boolean isDelivered() {
    return responseEnded;
  }

  /** Whether the connection to the client is known to have failed. */
  boolean isBroken() {
    return endPoint == null || endPoint.isBroken() || !endPoint.isOpen();
  }

  @Override
  public void succeeded() {
    completed();
    lastWriteFinished();
    if (tunnel != null) {
      tunnel.passEarlyBytes(request);
    }
    getWrapped().succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    TunnelObservation opened = tunnel();
    if (opened != null) {
      opened.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, failure);
    } else if (isDelivered()) {
      // The client closed after the whole response, before Jetty completed the request.
      response.end();
      completed();
    } else {
      fail(failure);
    }
    lastWriteFinished();
    getWrapped().failed(failure);
  }

  /** Jetty has completed the request. The end of a request that was not read is never reported. */
  private void completed() {
    readEnd();
    end();
  }

  /** Marks the end; returns whether the caller has to report it, which it does without the lock. */
  private synchronized boolean markEnded() {
    boolean first = !isOver() && (endPoint == null || !endPoint.hasFinished());
    ended = true;
    return first;
  }

  /** Whether the exchange has ended, as by both of its halves or a tunnel; with the lock held. */
  private boolean isOver() {
    return ended || (requestEnded && responseEnded) || tunnel() != null;
  }

  private synchronized MetaData.Response responseStarted(MetaData.Response head) {
    int status = head.getStatus();
    String method = request.getMethod();
    response.commit(method, head);
    if (isOver()) {
      return head;
    }
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500) {
      failures().noteErrorResponse();
    }
    exchange.responseStarted(status, HttpFieldsAccess.ofSent(head), HttpFieldsAccess.ACCESS);
    if (ServerTunnel.isOpenedBy(method, status)) {
      serverTunnel().open(request, head);
    }
    Supplier<HttpFields> trailers = head.getTrailersSupplier();
    return trailers == null ? head : ObservedTrailers.of(head, trailers, this::responseTrailers);
  }

  private synchronized void responseTrailers(HttpFields trailers) {
    if (!isOver()) {
      exchange.responseTrailers(trailers, HttpFieldsAccess.ACCESS);
    }
  }

  /** Jetty has discarded the unread content: only the end of the request is left to read. */
  private void readEnd() {
    if (requestEnded || tunnel() != null) {
      return;
    }
    Content.Chunk rest = getWrapped().read();
    if (rest != null) {
      rest.release();
      if (rest.isLast() && !Content.Chunk.isFailure(rest)) {
        requestEnd();
      }
    }
  }
}
