package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Exchange on an HTTP/2 stream, which the client can reset without closing the connection.
 *
 * <p>It is its own failure listener, which saves an object per request.
 */
final class Http2Exchange extends ServerExchange implements Consumer<Throwable> {
  private final Http2LastWrite lastWrite;

  Http2Exchange(ProxyTelemetry telemetry, Request request, @Nullable ServerEndPoint endPoint) {
    super(telemetry, request, endPoint);
    lastWrite = new Http2LastWrite(this, endPoint);
  }

  /** The stream failed, or a handler failed its request. */
  @Override
  public void accept(Throwable failure) {
    // Of a complete response, the outcome of the last write decides whether the client has it.
    if (!response().isComplete() && (isBroken() || ErrorClassifier.isStreamReset(failure))) {
      recordFailure().clientGone(failure);
    }
  }

  @Override
  boolean canSend(MetaData.Response head) {
    return !failures().isClientGone();
  }

  @Override
  void lastWriteBegins(@Nullable ByteBuffer content) {
    lastWrite.begin(content);
  }

  @Override
  void lastWriteFinished() {
    lastWrite.finish();
  }

  /** Some of the response is left, which the client will never receive. */
  @Override
  void lastWriteFailed(Throwable failure) {
    fail(failure);
  }

  @Override
  boolean isInFlight(Throwable failure) {
    return response().isLast() && !(failure instanceof TimeoutException) && lastWrite.isInFlight();
  }

  @Override
  boolean isFlushed(Throwable failure) {
    return lastWrite.isFlushed();
  }

  @Override
  boolean isDelivered() {
    return (response().isLast() && lastWrite.isFlushed()) || super.isDelivered();
  }

  /** Without an endpoint of ours, the state of the shared connection is unknown. */
  @Override
  boolean isBroken() {
    return endPoint() != null && super.isBroken();
  }

  @Override
  public void failed(Throwable failure) {
    if (tunnel() == null && isInFlight(failure) && lastWrite.deferEnd()) {
      getWrapped().failed(failure);
    } else {
      super.failed(failure);
    }
  }
}
