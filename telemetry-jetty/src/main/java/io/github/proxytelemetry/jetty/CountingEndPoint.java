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
 * Endpoint that counts the bytes read from and written to the socket.
 *
 * <p>A {@code write} continues inside the wrapped endpoint, so its bytes are counted when it
 * completes, as the difference of what is left in its buffers. Jetty allows one write at a time, so
 * this object is the callback of all of them.
 *
 * <p>One thread may close the connection while another has sent or read the last bytes and not
 * returned yet. So the end of the connection waits for reads and writes in progress.
 */
abstract class CountingEndPoint extends ForwardingEndPoint implements Callback {
  private static final int REFERENCE_BITS = 32;
  private static final long REFERENCE = 1;
  private static final long WRITE = REFERENCE + (1L << REFERENCE_BITS);

  // Lower half: references that delay the end, which are the open connection, each read and write
  // in progress, and each response whose outcome is not reported yet. Upper half: writes in
  // progress.
  private final AtomicLong state = new AtomicLong(REFERENCE);

  // Set before the write is counted in state, which publishes them. The callback is not cleared:
  // a connection uses the same one for all its writes, and need not store it again.
  private @Nullable Callback pending;
  private ByteBuffer @Nullable [] buffers;
  private long size;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean finished = new AtomicBoolean();
  private volatile boolean broken;
  private volatile boolean drained;

  CountingEndPoint(EndPoint wrapped) {
    super(wrapped);
  }

  /** Bytes were read, or -1: the peer has closed its side. */
  abstract void onFilled(int bytes);

  abstract void onFlushed(long bytes);

  /** The connection is closed, and all of its bytes are counted. Called once. */
  abstract void onFinished();

  /** The connection is closed. May be called more than once. */
  final void closed() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }

  /**
   * Whether the write in progress has sent all of its bytes. When the connection is closed before
   * the writing thread has returned, Jetty fails that write.
   */
  final boolean isDrained() {
    if (drained || !isWriting()) {
      return drained;
    }
    ByteBuffer[] parts = buffers;
    return parts == null || BufferUtil.remaining(parts) == 0;
  }

  /** Whether the end of the connection was reported. */
  final boolean hasFinished() {
    return finished.get();
  }

  final boolean isWriting() {
    return state.get() >>> REFERENCE_BITS != 0;
  }

  /** Delays the end of the connection until {@link #release}. */
  final void retain() {
    state.getAndAdd(REFERENCE);
  }

  final void release() {
    release(REFERENCE);
  }

  /** Whether the socket has failed, or the peer has closed its side. */
  final boolean isBroken() {
    return broken;
  }

  @Override
  public final int fill(ByteBuffer buffer) throws IOException {
    boolean closedHere = isInputShutdown();
    retain();
    try {
      int bytes = super.fill(buffer);
      if (bytes > 0 || (bytes < 0 && !closedHere)) {
        if (bytes < 0) {
          broken = true;
        }
        onFilled(bytes);
      }
      return bytes;
    } finally {
      release();
    }
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
      // A second write at a time: the wrapped endpoint rejects it.
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
    Callback callback = takeCallback();
    endWrite();
    return callback;
  }

  @Override
  public final void succeeded() {
    try {
      takeCallback().succeeded();
    } finally {
      endWrite();
    }
  }

  @Override
  public final void failed(Throwable failure) {
    drained |= isDrained();
    broken |= failure instanceof IOException;
    try {
      takeCallback().failed(failure);
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

  private void release(long counts) {
    // A read or write that is refused after the end begins and ends once more.
    if ((int) state.addAndGet(-counts) == 0 && finished.compareAndSet(false, true)) {
      onFinished();
    }
  }

  /** Counts the write. Cleared first, because its callback may begin the next write. */
  private Callback takeCallback() {
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
      onFlushed(bytes);
    }
  }
}
