package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.TunnelSupport;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, at the place that every byte of both passes: whatever wraps the
 * request later is above it, and Jetty's own error pages go through it.
 *
 * <p>It is its own stream wrapper, the function that installs it and the listener of failures, so
 * that a request costs few objects.
 */
final class ServerExchange extends HttpStream.Wrapper
    implements Function<HttpStream, HttpStream>, Consumer<Throwable> {
  private final ExchangeObservation exchange;
  private final Request request;
  private final @Nullable ServerEndPoint endPoint;
  // Where the request is one of HTTP/2.
  private final @Nullable Http2Ending http2;
  private final ResponseWrite write = new ResponseWrite(this);
  private @Nullable HttpStream stream;
  private HttpFields.@Nullable Mutable headers;
  private boolean requestEnded;
  private boolean bodyless;
  private boolean committed;
  private boolean responded;
  private volatile @Nullable Blame blame;

  private @Nullable ServerTunnel tunnel;

  /**
   * @param http2 whether the request came in a stream of HTTP/2
   */
  ServerExchange(
      ExchangeObservation exchange,
      Request request,
      @Nullable ServerEndPoint endPoint,
      boolean http2) {
    super(null);
    this.exchange = exchange;
    this.request = request;
    this.endPoint = endPoint;
    this.http2 = http2 ? new Http2Ending(exchange, endPoint) : null;
  }

  ExchangeObservation exchange() {
    return exchange;
  }

  /** The tunnel that has taken the exchange's place. */
  @Nullable TunnelObservation tunnel() {
    return tunnel == null ? null : tunnel.observation();
  }

  /** What may take the exchange's place; made when something may. */
  ServerTunnel serverTunnel() {
    if (tunnel == null) {
      tunnel = new ServerTunnel(exchange);
    }
    return tunnel;
  }

  /** What has gone wrong; made when something has. */
  synchronized Blame blame() {
    Blame current = blame;
    if (current == null) {
      current = new Blame(exchange);
      blame = current;
    }
    return current;
  }

  /** Whether attempts made for the client end because of what the client did. */
  boolean isClientsFailure() {
    Blame current = blame;
    return current != null && current.isClients();
  }

  /** An attempt got its response: what another one failed of no longer counts. */
  void upstreamAnswered() {
    Blame current = blame;
    if (current != null) {
      current.upstreamAnswered();
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
    if (chunk == null) {
      return null;
    }
    if (Content.Chunk.isFailure(chunk)) {
      ClientFailures.read(this, chunk.getFailure(), sawEnd());
      return chunk;
    }
    int bytes = chunk.remaining();
    if (bytes > 0) {
      exchange.requestBytes(bytes);
    }
    if (chunk.isLast()) {
      requestEnd();
    }
    return chunk;
  }

  /** There is no more of the request. */
  void requestEnd() {
    if (!requestEnded) {
      requestEnded = true;
      exchange.requestEnd();
    }
  }

  /** A stream of HTTP/2 has failed, or a handler has failed its request: only the first is news. */
  @Override
  public void accept(Throwable failure) {
    // What becomes of the last write says whether the client has its response.
    if (!isComplete(write.isLast()) && (isBroken() || ClientFailures.isReset(failure))) {
      blame().clientLeft(failure);
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

  /** Called under Jetty's lock: the headers are kept until {@link #send}, where there is none. */
  @Override
  public void prepareResponse(HttpFields.Mutable mutable) {
    getWrapped().prepareResponse(mutable);
    headers = mutable;
  }

  @Override
  public void send(
      MetaData.Request sent,
      MetaData.@Nullable Response response,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    if (response != null && HttpStatus.isInterim(response.getStatus())) {
      exchange.informational(response.getStatus());
      getWrapped().send(sent, response, last, content, callback);
      return;
    }
    Blame current = blame;
    if (response != null && (current == null || !(http2 != null && current.hasClientLeft()))) {
      started(response.getStatus(), response, current);
    }
    int bytes = bodyless || !committed ? 0 : BufferUtil.length(content);
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (last && http2 != null) {
      http2.begin(bodyless ? null : content);
    }
    getWrapped().send(sent, response, last, content, write.begin(last, callback));
  }

  /** Also called under Jetty's lock; what it returns is not. */
  @Override
  public Runnable cancelSend(Throwable cause, Callback appCallback) {
    Runnable cancel = getWrapped().cancelSend(cause, appCallback);
    return () -> {
      if (isLeaving(cause)) {
        blame().suspectClient(cause);
      } else {
        responseFailed(cause, write.isLast());
        writeOver();
      }
      cancel.run();
    };
  }

  /** The last byte was handed to the network. */
  void responseEnd() {
    if (!committed || responded) {
      return;
    }
    responded = true;
    exchange.responseEnd();
    if (tunnel != null) {
      tunnel.begin(endPoint);
    }
  }

  /** A part of the response will never be written. */
  void responseFailed(Throwable failure, boolean last) {
    boolean complete = isComplete(last);
    if (complete && hasLeft() && (http2 != null || !ClientFailures.isReset(failure))) {
      responseEnd();
      return;
    }
    if (responded) {
      // Meanwhile the thread that wrote has said so.
      return;
    }
    if (!complete || failure instanceof TimeoutException) {
      ClientFailures.write(this, failure, isBroken());
      return;
    }
    // It may have left all the same; the end of the stream says so, or that of the write.
    blame().suspectClient(failure);
    if (http2 != null && last) {
      // Something is left that the client will never get.
      blame().fail(failure);
    }
  }

  /** What became of the last write is told, or nobody will tell it any more. */
  void writeOver() {
    if (http2 != null) {
      http2.release();
    }
  }

  /** Whether the network has taken the last byte, although the write is said to have failed. */
  private boolean hasLeft() {
    return http2 != null ? http2.hasLeft() : endPoint != null && endPoint.isDrained();
  }

  /** Whether a write is still under way that says better than a failure how the response ends. */
  private boolean isLeaving(Throwable failure) {
    return http2 != null
        && write.isLast()
        && !(failure instanceof TimeoutException)
        && http2.isLeaving();
  }

  @Override
  public void succeeded() {
    readEnd();
    if (!requestEnded || !responded) {
      // Of a request that was left unread nobody will tell the end any more.
      exchange.end();
    }
    writeOver();
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
    } else if (http2 != null && isLeaving(failure) && http2.leaveToWrite()) {
      getWrapped().failed(failure);
      return;
    } else if ((http2 != null && write.isLast() && http2.hasLeft()) || responded) {
      // The client has its response, and went away before Jetty was done with the request.
      responseEnd();
      readEnd();
      exchange.end();
    } else {
      blame().fail(failure);
    }
    writeOver();
    getWrapped().failed(failure);
  }

  private void started(int status, MetaData.Response response, @Nullable Blame failure) {
    committed = true;
    String method = request.getMethod();
    bodyless =
        HttpMethod.HEAD.is(method)
            || status == HttpStatus.NO_CONTENT_204
            || status == HttpStatus.NOT_MODIFIED_304
            || status == HttpStatus.SWITCHING_PROTOCOLS_101;
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500 && failure != null) {
      failure.noteError();
    }
    // The response's own view of them is closed by now, but what is below it is what is sent.
    HttpFields fields = headers;
    headers = null;
    exchange.responseStarted(
        status, fields == null ? response.getHttpFields() : fields, Fields.ACCESS);
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101
        || (HttpMethod.CONNECT.is(method) && HttpStatus.isSuccess(status))) {
      serverTunnel().open(request, response);
    }
  }

  /** Jetty has read what the host left: this finds the end of it, and nothing else. */
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

  /**
   * Whether the client gets all with what is written.
   *
   * @param last whether it is the last write
   */
  private boolean isComplete(boolean last) {
    return last || (committed && bodyless);
  }

  /** Whether the connection to the client is known to have failed. */
  private boolean isBroken() {
    if (endPoint != null && (endPoint.isBroken() || !endPoint.isOpen())) {
      return true;
    }
    return endPoint == null && http2 == null;
  }

  /** Whether what was cut off was cut off by the client, as far as can be seen below TLS. */
  private boolean sawEnd() {
    return endPoint == null || endPoint.isBroken() || request.isSecure();
  }
}
