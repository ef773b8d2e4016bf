package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * How the last write of a response ends in HTTP/2.
 *
 * <p>Streams are told what became of a write after it is over, by the thread that wrote; meanwhile
 * the client may have everything, leave, and another thread see that. So the connection is held
 * until somebody has told, and the network is asked before a client is blamed.
 */
final class Http2Ending {
  private final ExchangeObservation exchange;
  private final @Nullable ServerEndPoint endPoint;
  private final AtomicReference<Holding> holding = new AtomicReference<>(Holding.NOTHING);
  private @Nullable ByteBuffer rest;

  Http2Ending(ExchangeObservation exchange, @Nullable ServerEndPoint endPoint) {
    this.exchange = exchange;
    this.endPoint = endPoint;
  }

  /**
   * The last write is about to begin.
   *
   * @param content what the client is to get with it
   */
  void begin(@Nullable ByteBuffer content) {
    rest = content;
    if (endPoint != null && holding.compareAndSet(Holding.NOTHING, Holding.LAST_WRITE)) {
      endPoint.hold();
    }
  }

  /** Whether the last write is under way; the exchange then ends with it. */
  boolean leaveToWrite() {
    return holding.compareAndSet(Holding.LAST_WRITE, Holding.LAST_WRITE_AND_END);
  }

  /** What became of the last write is told, or nobody will tell it any more. */
  void release() {
    if (endPoint == null || holding.get() == Holding.NOTHING) {
      return;
    }
    Holding held = holding.getAndSet(Holding.NOTHING);
    if (held == Holding.LAST_WRITE_AND_END) {
      exchange.end();
    }
    if (held != Holding.NOTHING) {
      endPoint.release();
    }
  }

  /**
   * Whether the network has taken the last byte, although the write is said to have failed: nothing
   * is left that flow control keeps back, and the connection writes nothing.
   */
  boolean hasLeft() {
    return endPoint != null
        && BufferUtil.isEmpty(rest)
        && (endPoint.isDrained() || !endPoint.isWriting());
  }

  /**
   * Whether the network may have the last byte, but the thread that wrote it has yet to come back
   * from there. Jetty tells a stream what became of that write even after it is failed.
   */
  boolean isLeaving() {
    // In this order: what is not being written any more has left, or its end has been told.
    return endPoint != null && endPoint.isWriting() && !hasLeft();
  }

  /** What holds the connection. */
  private enum Holding {
    NOTHING,
    LAST_WRITE,
    /** The exchange is to end with it, too. */
    LAST_WRITE_AND_END
  }
}
