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
  // There is none in HTTP/1.
  private final @Nullable Http2Ending http2;
  private final ServerResponse response = new ServerResponse(this);
  private @Nullable HttpStream stream;
  private HttpFields.@Nullable Mutable headers;
  private boolean requestEnded;
  private volatile @Nullable Blame blame;
  private @Nullable ServerTunnel tunnel;

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

  boolean isHttp2() {
    return http2 != null;
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
    if (!response.isComplete() && (isBroken() || ClientFailures.isReset(failure))) {
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
      MetaData.@Nullable Response head,
      boolean last,
      @Nullable ByteBuffer content,
      Callback callback) {
    if (head != null && HttpStatus.isInterim(head.getStatus())) {
      exchange.informational(head.getStatus());
      getWrapped().send(sent, head, last, content, callback);
      return;
    }
    Blame current = blame;
    if (head != null && (current == null || http2 == null || !current.hasClientLeft())) {
      started(head, current);
    }
    int bytes = response.length(content);
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (last && http2 != null) {
      http2.begin(response.isBodyless() ? null : content);
    }
    getWrapped().send(sent, head, last, content, response.begin(last, callback));
  }

  /** Also called under Jetty's lock; what it returns is not. */
  @Override
  public Runnable cancelSend(Throwable cause, Callback appCallback) {
    Runnable cancel = getWrapped().cancelSend(cause, appCallback);
    return () -> {
      if (isLeaving(cause)) {
        blame().suspectClient(cause);
      } else {
        response.fail(cause);
        writeOver();
      }
      cancel.run();
    };
  }

  /** The last byte of the response was handed to the network. */
  void responseEnd() {
    exchange.responseEnd();
    if (tunnel != null) {
      tunnel.begin(endPoint);
    }
  }

  /** What became of the last write is told, or nobody will tell it any more. */
  void writeOver() {
    if (http2 != null) {
      http2.release();
    }
  }

  /** Whether the network has taken the last byte, although the write is said to have failed. */
  boolean hasLeft(Throwable failure) {
    if (http2 != null) {
      return http2.hasLeft();
    }
    return endPoint != null && endPoint.isDrained() && !ClientFailures.isReset(failure);
  }

  /** Whether the connection to the client is known to have failed. */
  boolean isBroken() {
    return endPoint == null ? http2 == null : endPoint.isBroken() || !endPoint.isOpen();
  }

  @Override
  public void succeeded() {
    over();
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
    } else if ((http2 != null && response.isLast() && http2.hasLeft()) || response.hasEnded()) {
      // The client has its response, and went away before Jetty was done with the request.
      response.end();
      over();
    } else {
      blame().fail(failure);
    }
    writeOver();
    getWrapped().failed(failure);
  }

  /** Jetty is done with it. Of a request that was left unread nobody tells the end any more. */
  private void over() {
    readEnd();
    if (!requestEnded || !response.hasEnded()) {
      exchange.end();
    }
  }

  private void started(MetaData.Response head, @Nullable Blame failure) {
    int status = head.getStatus();
    String method = request.getMethod();
    response.commit(method, status);
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500 && failure != null) {
      failure.noteError();
    }
    // The response's own view of them is closed by now, but what is below it is what is sent.
    HttpFields fields = headers;
    headers = null;
    exchange.responseStarted(status, fields == null ? head.getHttpFields() : fields, Fields.ACCESS);
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101
        || (HttpMethod.CONNECT.is(method) && HttpStatus.isSuccess(status))) {
      serverTunnel().open(request, head);
    }
  }

  /** Whether a write is still under way that says better than a failure how the response ends. */
  private boolean isLeaving(Throwable failure) {
    return http2 != null
        && response.isLast()
        && !(failure instanceof TimeoutException)
        && http2.isLeaving();
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

  /** Whether what was cut off was cut off by the client, as far as can be seen below TLS. */
  private boolean sawEnd() {
    return endPoint == null || endPoint.isBroken() || request.isSecure();
  }
}
