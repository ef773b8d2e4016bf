package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
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
 * <p>It is its own stream wrapper and the function that installs it, so that a request costs few
 * objects.
 */
class ServerExchange extends HttpStream.Wrapper implements Function<HttpStream, HttpStream> {
  private final ExchangeObservation exchange;
  private final Request request;
  private final @Nullable ServerEndPoint endPoint;
  private final ServerResponse response = new ServerResponse(this);
  private @Nullable HttpStream stream;
  private boolean requestEnded;
  private volatile @Nullable Blame blame;
  private @Nullable ServerTunnel tunnel;

  ServerExchange(ExchangeObservation exchange, Request request, @Nullable ServerEndPoint endPoint) {
    super(null);
    this.exchange = exchange;
    this.request = request;
    this.endPoint = endPoint;
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

  boolean hasClientLeft() {
    Blame current = blame;
    return current != null && current.hasClientLeft();
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
      exchange.informational(head.getStatus());
      getWrapped().send(sent, head, last, content, callback);
      return;
    }
    if (head != null && isAwaited()) {
      started(head);
    }
    int bytes = response.length(content);
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (last) {
      lastWrite(response.isBodyless() ? null : content);
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

  /** Whether there is anybody who could get the response. */
  boolean isAwaited() {
    return true;
  }

  /** The last write is about to begin; {@code content} is what the client gets with it. */
  void lastWrite(@Nullable ByteBuffer content) {}

  /** What became of the last write is told, or nobody will tell it any more. */
  void writeOver() {}

  /** The last write failed, and what it wrote seems not to have left. */
  void lastWriteFailed(Throwable failure) {}

  /** Whether a write is still under way that says better than a failure how the response ends. */
  boolean isLeaving(Throwable failure) {
    return false;
  }

  /** Whether the network has taken the last byte, although the write is said to have failed. */
  boolean hasLeft(Throwable failure) {
    return endPoint != null && endPoint.isDrained() && !ClientFailures.isReset(failure);
  }

  /** Whether the client has its response, whatever becomes of its stream. */
  boolean hasResponse() {
    return response.hasEnded();
  }

  /** Whether the connection to the client is known to have failed. */
  boolean isBroken() {
    return endPoint == null || endPoint.isBroken() || !endPoint.isOpen();
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
    } else if (hasResponse()) {
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

  private void started(MetaData.Response head) {
    int status = head.getStatus();
    String method = request.getMethod();
    response.commit(method, status);
    Blame current = blame;
    if (status >= HttpStatus.INTERNAL_SERVER_ERROR_500 && current != null) {
      current.noteError();
    }
    exchange.responseStarted(status, Fields.ofSent(head), Fields.ACCESS);
    if (status == HttpStatus.SWITCHING_PROTOCOLS_101
        || (HttpMethod.CONNECT.is(method) && HttpStatus.isSuccess(status))) {
      serverTunnel().open(request, head);
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

  /** Whether what was cut off was cut off by the client, as far as can be seen below TLS. */
  private boolean sawEnd() {
    return endPoint == null || endPoint.isBroken() || request.isSecure();
  }
}
