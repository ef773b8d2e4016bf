package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * An exchange in a stream of HTTP/2, whose client may leave it at any time and keep the connection.
 * It listens to its failures itself.
 */
final class Http2Exchange extends ServerExchange implements Consumer<Throwable> {
  private final Http2Ending ending;

  Http2Exchange(ExchangeObservation exchange, Request request, @Nullable ServerEndPoint endPoint) {
    super(exchange, request, endPoint);
    ending = new Http2Ending(exchange, endPoint);
  }

  /** The stream has failed, or a handler has failed its request: only the first is news. */
  @Override
  public void accept(Throwable failure) {
    // What becomes of the last write says whether the client has its response.
    if (!response().isComplete() && (isBroken() || ClientFailures.isReset(failure))) {
      blame().clientLeft(failure);
    }
  }

  @Override
  boolean isAwaited() {
    return !hasClientLeft();
  }

  @Override
  void lastWrite(@Nullable ByteBuffer content) {
    ending.begin(content);
  }

  @Override
  void writeOver() {
    ending.release();
  }

  /** Something is left that the client will never get. */
  @Override
  void lastWriteFailed(Throwable failure) {
    blame().fail(failure);
  }

  @Override
  boolean isLeaving(Throwable failure) {
    return response().isLast() && !(failure instanceof TimeoutException) && ending.isLeaving();
  }

  @Override
  boolean hasLeft(Throwable failure) {
    return ending.hasLeft();
  }

  @Override
  boolean hasResponse() {
    return (response().isLast() && ending.hasLeft()) || super.hasResponse();
  }

  /** Without an endpoint of ours nothing is known of a connection that goes on for others. */
  @Override
  boolean isBroken() {
    return endPoint() != null && super.isBroken();
  }

  @Override
  public void failed(Throwable failure) {
    if (tunnel() == null && isLeaving(failure) && ending.leaveToWrite()) {
      getWrapped().failed(failure);
    } else {
      super.failed(failure);
    }
  }
}
