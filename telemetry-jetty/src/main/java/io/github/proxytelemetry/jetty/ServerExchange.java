package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
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
  private static final VarHandle HOLDING;

  static {
    try {
      HOLDING = MethodHandles.lookup().findVarHandle(ServerExchange.class, "holding", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // What holds the connection: nothing; the last write; that, and the exchange ends with it.
  private static final int FREE = 0;
  private static final int HELD = 1;
  private static final int LEFT_TO_WRITE = 2;

  private final ExchangeObservation exchange;
  private final Request request;
  private final @Nullable ServerEndPoint endPoint;
  private final boolean http2;
  private final ResponseWrite write = new ResponseWrite(this);
  private @Nullable HttpStream stream;
  private HttpFields.@Nullable Mutable headers;
  private @Nullable ByteBuffer rest;
  private boolean requestEnded;
  private boolean bodyless;
  private boolean committed;
  private boolean responded;
  private volatile @Nullable Blame blame;

  @SuppressWarnings("UnusedVariable") // Read and written by HOLDING.
  private volatile int holding;

  private @Nullable ServerTunnel tunnel;
  private @Nullable ConnectAttempt connectAttempt;

  private ServerExchange(
      ExchangeObservation exchange, Request request, @Nullable ServerEndPoint endPoint) {
    super(null);
    this.exchange = exchange;
    this.request = request;
    this.endPoint = endPoint;
    this.http2 = ServerHandler.isHttp2(request);
  }

  /** Observes a request whose head has just been understood. */
  static ServerExchange observe(
      ExchangeObservation exchange, Request request, @Nullable ServerEndPoint endPoint) {
    ServerExchange observed = new ServerExchange(exchange, request, endPoint);
    request.addHttpStreamWrapper(observed);
    if (observed.http2) {
      request.addFailureListener(observed);
    } else if (endPoint != null) {
      endPoint.observed(request);
    }
    if (observed.hasNoContent()) {
      observed.requestEnded = true;
      exchange.requestEnd();
    }
    return observed;
  }

  /**
   * The exchange of a request, found in the layers around its stream.
   *
   * @return the exchange, or {@code null} for a request that is not observed, or over
   */
  static @Nullable ServerExchange of(Request request) {
    Search search = new Search();
    try {
      request.addHttpStreamWrapper(search);
    } catch (IllegalStateException over) {
      return null;
    }
    return search.found;
  }

  ExchangeObservation exchange() {
    return exchange;
  }

  /** The tunnel that has taken the exchange's place. */
  @Nullable TunnelObservation tunnel() {
    return tunnel == null ? null : tunnel.observation();
  }

  /** The attempt of a {@code CONNECT}. */
  @Nullable ConnectAttempt connectAttempt() {
    return connectAttempt;
  }

  /** A {@code CONNECT} is served by a handler that counts what flows itself. */
  void connects(ConnectAttempt attempt) {
    connectAttempt = attempt;
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
    if (chunk.isLast() && !requestEnded) {
      requestEnded = true;
      exchange.requestEnd();
    }
    return chunk;
  }

  /** A stream of HTTP/2 has failed, or a handler has failed its request: only the first is news. */
  @Override
  public void accept(Throwable failure) {
    // What becomes of the last write says whether the client has its response.
    boolean complete = write.isLast() || (committed && bodyless);
    if (!complete && (isBroken() || ClientFailures.isReset(failure))) {
      blame().clientLeft(failure);
    }
  }

  @Override
  public @Nullable TunnelSupport getTunnelSupport() {
    TunnelSupport support = getWrapped().getTunnelSupport();
    if (support == null || support.getEndPoint() == endPoint) {
      return support;
    }
    if (tunnel == null) {
      tunnel = new ServerTunnel(this);
    }
    return tunnel.endPoint(support);
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
    if (response != null && (current == null || !(http2 && current.hasClientLeft()))) {
      started(response.getStatus(), response, current);
    }
    int bytes = bodyless || !committed ? 0 : BufferUtil.length(content);
    if (bytes > 0) {
      exchange.responseBytes(bytes);
    }
    if (last && http2) {
      rest = bodyless ? null : content;
      holdConnection();
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
        releaseConnection();
      }
      cancel.run();
    };
  }

  /**
   * Streams are told what became of a write after it is over, by the thread that wrote; meanwhile
   * the client may have everything, leave, and another thread see that.
   */
  private void holdConnection() {
    if (endPoint != null && HOLDING.compareAndSet(this, FREE, HELD)) {
      endPoint.hold();
    }
  }

  /** What became of the last write is told, or nobody will tell it any more. */
  void releaseConnection() {
    if (!http2 || endPoint == null || holding == FREE) {
      return;
    }
    int held = (int) HOLDING.getAndSet(this, FREE);
    if (held == LEFT_TO_WRITE) {
      exchange.end();
    }
    if (held != FREE) {
      endPoint.release();
    }
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
    boolean complete = last || (committed && bodyless);
    if (complete && hasLeft() && (http2 || !ClientFailures.isReset(failure))) {
      responseEnd();
      return;
    }
    if (responded) {
      // Meanwhile the thread that wrote has said so.
      return;
    }
    if (http2 && last && !(failure instanceof TimeoutException)) {
      // Something is left that the client will never get.
      blame().suspectClient(failure);
      blame().fail(failure);
      return;
    }
    if (complete && !(failure instanceof TimeoutException)) {
      // It may have left all the same; the end of the stream says so, or that of the write.
      blame().suspectClient(failure);
    } else {
      ClientFailures.write(this, failure, isBroken());
    }
  }

  /**
   * Whether the network has taken the last byte, although the write is said to have failed. A
   * stream of HTTP/2 has then nothing left that flow control keeps back, and the connection writes
   * nothing.
   */
  private boolean hasLeft() {
    if (endPoint == null) {
      return false;
    }
    return http2
        ? BufferUtil.isEmpty(rest) && (endPoint.isDrained() || !endPoint.isWriting())
        : endPoint.isDrained();
  }

  /**
   * Whether the network may have the last byte, but the thread that wrote it has yet to come back
   * from there. Jetty tells a stream of HTTP/2 what became of that write even after it is failed.
   */
  private boolean isLeaving(Throwable failure) {
    return http2
        && write.isLast()
        && !(failure instanceof TimeoutException)
        && endPoint != null
        // In this order: what is not being written any more has left, or its end has been told.
        && endPoint.isWriting()
        && !hasLeft();
  }

  @Override
  public void succeeded() {
    readEnd();
    if (!requestEnded || !responded) {
      // Of a request that was left unread nobody will tell the end any more.
      exchange.end();
    }
    releaseConnection();
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
    } else if (isLeaving(failure) && HOLDING.compareAndSet(this, HELD, LEFT_TO_WRITE)) {
      getWrapped().failed(failure);
      return;
    } else if ((http2 && write.isLast() && hasLeft()) || responded) {
      // The client has its response, and went away before Jetty was done with the request.
      responseEnd();
      readEnd();
      exchange.end();
    } else {
      blame().fail(failure);
    }
    releaseConnection();
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
      if (tunnel == null) {
        tunnel = new ServerTunnel(this);
      }
      tunnel.open(request, response);
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
        requestEnded = true;
        exchange.requestEnd();
      }
    }
  }

  /** Whether the connection to the client is known to have failed. */
  private boolean isBroken() {
    if (endPoint != null && (endPoint.isBroken() || !endPoint.isOpen())) {
      return true;
    }
    return endPoint == null && !http2;
  }

  /** Whether what was cut off was cut off by the client, as far as can be seen below TLS. */
  private boolean sawEnd() {
    return endPoint == null || endPoint.isBroken() || request.isSecure();
  }

  /** In HTTP/2 only the end of a stream says so, but then these methods have none. */
  private boolean hasNoContent() {
    if (request.getLength() != -1) {
      return request.getLength() == 0;
    }
    if (!http2) {
      return !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }
    String method = request.getMethod();
    return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
  }

  /** Looks, and leaves everything as it is. */
  private static final class Search implements Function<HttpStream, HttpStream> {
    private @Nullable ServerExchange found;

    @Override
    public HttpStream apply(HttpStream top) {
      HttpStream current = top;
      while (current instanceof HttpStream.Wrapper wrapper) {
        if (wrapper instanceof ServerExchange exchange) {
          found = exchange;
          break;
        }
        current = wrapper.getWrapped();
      }
      return top;
    }
  }
}
