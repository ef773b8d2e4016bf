package io.github.proxytelemetry.jetty;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of the last write of an HTTP/2 response.
 *
 * <p>The writing thread reports the outcome after the bytes were sent. By then the client may have
 * received the whole response and reset its stream, which another thread handles. So the end of the
 * connection waits until the outcome is reported, and the state of the socket decides whether the
 * client aborted.
 */
final class Http2LastWrite {
  private final ServerExchange exchange;
  private final @Nullable ServerEndPoint endPoint;
  private final AtomicReference<State> state = new AtomicReference<>(State.NONE);
  private @Nullable ByteBuffer content;

  Http2LastWrite(ServerExchange exchange, @Nullable ServerEndPoint endPoint) {
    this.exchange = exchange;
    this.endPoint = endPoint;
  }

  /**
   * The last write begins.
   *
   * @param written the content that the client receives with it
   */
  void begin(@Nullable ByteBuffer written) {
    content = written;
    if (endPoint != null && state.compareAndSet(State.NONE, State.WRITING)) {
      endPoint.retain();
    }
  }

  /**
   * Leaves the end of the exchange to the write.
   *
   * @return whether the write is in progress
   */
  boolean deferEnd() {
    return state.compareAndSet(State.WRITING, State.WRITING_BEFORE_END);
  }

  /** The outcome was reported, or never will be. */
  void finish() {
    if (endPoint == null || state.get() == State.NONE) {
      return;
    }
    State last = state.getAndSet(State.NONE);
    if (last == State.WRITING_BEFORE_END) {
      exchange.end();
    }
    if (last != State.NONE) {
      endPoint.release();
    }
  }

  /**
   * Whether the socket has taken the last byte, even if the write was reported as failed: flow
   * control holds nothing back, and the connection is not writing.
   */
  boolean isFlushed() {
    return endPoint != null
        && BufferUtil.isEmpty(content)
        && (endPoint.isDrained() || !endPoint.isWriting());
  }

  /**
   * Whether the socket may have taken the last byte, but the writing thread has not returned yet.
   * Jetty reports the outcome of that write even after it has failed the stream.
   */
  boolean isInFlight() {
    // The order matters: a write that has ended since was flushed, or its outcome was reported.
    return endPoint != null && endPoint.isWriting() && !isFlushed();
  }

  private enum State {
    NONE,
    /** The connection is retained. */
    WRITING,
    /** The connection is retained, and the exchange ends with the write. */
    WRITING_BEFORE_END
  }
}
