package io.github.proxytelemetry.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Counts exactly what went over the network.
 *
 * <p>A {@code write} goes on inside the real endpoint, so what it has sent is known when it is
 * over: the buffers say what is left. There is one write at a time (Jetty refuses a second), so
 * this object is the callback of all of them.
 *
 * <p>A connection may be closed on one thread while another has sent the last bytes, and has yet to
 * say so. So its end waits for writes that are under way.
 */
abstract class CountingEndPoint extends ForwardingEndPoint implements Callback {
  private static final int HOLDS = 32;
  private static final long HOLD = 1;
  private static final long WRITE = HOLD + (1L << HOLDS);

  // Below, what its end waits for: the connection itself, what is being written, and responses
  // whose end is to be told. Above, how much of that is being written.
  private final AtomicLong state = new AtomicLong(HOLD);

  // These are set before a write is counted above, which is what makes them known to others. The
  // callback stays: what writes here has one for all its writes, as a rule.
  private @Nullable Callback pending;
  private ByteBuffer @Nullable [] buffers;
  private long size;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean broken;
  private volatile boolean drained;

  CountingEndPoint(EndPoint wrapped) {
    super(wrapped);
  }

  /** Bytes came in, or -1: the other side sends no more. */
  abstract void filled(int bytes);

  abstract void flushed(long bytes);

  /** The connection is closed, and all is counted. May be called again. */
  abstract void over();

  /** The connection is closed. May be called again. */
  final void closed() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }

  /**
   * Whether a write that is not over has sent all it had. When the connection is closed, Jetty
   * fails it, if the thread that wrote has not come to say so.
   */
  final boolean isDrained() {
    if (drained || !isWriting()) {
      return drained;
    }
    ByteBuffer[] parts = buffers;
    return parts == null || BufferUtil.remaining(parts) == 0;
  }

  final boolean isWriting() {
    return state.get() >>> HOLDS != 0;
  }

  /** Its end has to wait for something, until {@link #release}. */
  final void hold() {
    state.getAndAdd(HOLD);
  }

  final void release() {
    release(HOLD);
  }

  /** Whether the network has failed, or the other side sends no more. */
  final boolean isBroken() {
    return broken;
  }

  @Override
  public final int fill(ByteBuffer buffer) throws IOException {
    boolean closedHere = isInputShutdown();
    int bytes = super.fill(buffer);
    if (bytes > 0 || (bytes < 0 && !closedHere)) {
      if (bytes < 0) {
        broken = true;
      }
      filled(bytes);
    }
    return bytes;
  }

  @Override
  public final boolean flush(ByteBuffer... parts) throws IOException {
    beginWrite();
    long before = BufferUtil.remaining(parts);
    try {
      return super.flush(parts);
    } catch (IOException failure) {
      broken = true;
      throw failure;
    } finally {
      count(before - BufferUtil.remaining(parts));
      endWrite();
    }
  }

  @Override
  public final void write(Callback callback, ByteBuffer... parts) {
    if (buffers != null) {
      // For the real endpoint to refuse.
      super.write(callback, parts);
      return;
    }
    if (pending != callback) {
      pending = callback;
    }
    buffers = parts;
    size = BufferUtil.remaining(parts);
    beginWrite();
    try {
      super.write(this, parts);
    } catch (RuntimeException refused) {
      buffers = null;
      endWrite();
      throw refused;
    }
  }

  @Override
  public final Callback cancelWrite(Throwable cause) {
    Callback cancelled = super.cancelWrite(cause);
    if (cancelled != this) {
      return cancelled;
    }
    Callback callback = written();
    endWrite();
    return callback;
  }

  @Override
  public final void succeeded() {
    try {
      written().succeeded();
    } finally {
      endWrite();
    }
  }

  @Override
  public final void failed(Throwable failure) {
    drained |= isDrained();
    broken |= failure instanceof IOException;
    try {
      written().failed(failure);
    } finally {
      endWrite();
    }
  }

  @Override
  public final InvocationType getInvocationType() {
    Callback callback = pending;
    return callback == null || buffers == null
        ? InvocationType.NON_BLOCKING
        : callback.getInvocationType();
  }

  private void beginWrite() {
    state.getAndAdd(WRITE);
  }

  private void endWrite() {
    release(WRITE);
  }

  private void release(long what) {
    if ((int) state.addAndGet(-what) == 0) {
      over();
    }
  }

  /** Counts what was written; the next write may begin in the callback of this one. */
  private Callback written() {
    Callback callback = pending;
    ByteBuffer[] parts = buffers;
    if (callback == null || parts == null) {
      return Callback.NOOP;
    }
    count(size - BufferUtil.remaining(parts));
    buffers = null;
    return callback;
  }

  private void count(long bytes) {
    if (bytes > 0) {
      flushed(bytes);
    }
  }
}
