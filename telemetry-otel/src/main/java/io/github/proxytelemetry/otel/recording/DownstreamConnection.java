package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.LateCall;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Connection of a client, and the list of observations that are open on it. */
final class DownstreamConnection extends Connection implements DownstreamObservation {
  private static final VarHandle ONLY;

  static {
    try {
      ONLY =
          MethodHandles.lookup()
              .findVarHandle(DownstreamConnection.class, "only", OpenOnConnection.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable SocketAddress peer;

  /** The usual case, one open observation, which is added and removed without a monitor. */
  private volatile @Nullable OpenOnConnection only;

  // The list is guarded by this; the monitor is held for a few assignments only.
  private @Nullable OpenOnConnection first;
  private volatile boolean closed;

  DownstreamConnection(Recorder recorder, @Nullable SocketAddress peer) {
    super(recorder, OF_CLIENT);
    this.peer = recorder.tracing.capturesClientAddress() ? peer : null;
    this.sinceNanos = recorder.now();
    recorder.metrics.add(CONNECTIONS_TOTAL, 0, 1);
    recorder.metrics.add(CONNECTIONS_ACTIVE, 0, 1);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    if (recorder.tracing.capturesClientAddress()) {
      peer = client;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return recorder.startExchange(this, request, 0);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return recorder.startExchange(this, request, receivedNanos);
  }

  /** The client's address, {@code null} unless it is captured. */
  @Nullable SocketAddress peer() {
    return peer;
  }

  /** Adds an open observation; returns {@code false} if the connection has ended. */
  boolean add(OpenOnConnection open) {
    if (!ONLY.compareAndSet(this, null, open)) {
      return link(open);
    }
    // close() sets `closed` before it reads the slot, so either we see `closed` or it sees our
    // entry. If both, the observation is ended twice, which is harmless.
    if (closed) {
      ONLY.compareAndSet(this, open, null);
      return false;
    }
    return true;
  }

  void remove(OpenOnConnection open) {
    if (only == open) {
      // Nobody replaces a taken slot. close() may empty it just now, and end the observation once
      // more.
      ONLY.setRelease(this, null);
    } else {
      unlink(open);
    }
  }

  /**
   * Counts a late call: one for an exchange or tunnel that has ended. Once the connection has
   * ended, nothing is counted: its end is reported on one thread and ends everything on it, while
   * another thread may still be reporting.
   */
  static void late(Recorder recorder, @Nullable DownstreamConnection connection, LateCall call) {
    if (connection == null || !connection.closed) {
      recorder.late(call);
    }
  }

  private synchronized boolean link(OpenOnConnection open) {
    if (closed) {
      return false;
    }
    open.next = first;
    if (first != null) {
      first.previous = open;
    }
    first = open;
    return true;
  }

  private synchronized void unlink(OpenOnConnection open) {
    // Once closed, the list belongs to the thread that ends its entries.
    if (closed) {
      return;
    }
    if (open.previous != null) {
      open.previous.next = open.next;
    } else if (first == open) {
      first = open.next;
    }
    if (open.next != null) {
      open.next.previous = open.previous;
    }
    open.previous = null;
    open.next = null;
  }

  @Override
  void ended() {
    recorder.metrics.remove(CONNECTIONS_ACTIVE, 0, 1);
    OpenOnConnection open = close();
    while (open != null) {
      OpenOnConnection next = open.next;
      // An observation that the host keeps must not keep all the others.
      open.previous = null;
      open.next = null;
      end(open);
      open = next;
    }
    recorder.metrics.record(CONNECTIONS_DURATION_SECONDS, 0, recorder.now() - sinceNanos);
  }

  /** One that throws must not leave the others open. */
  private void end(OpenOnConnection open) {
    try {
      open.connectionEnded();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private synchronized @Nullable OpenOnConnection close() {
    closed = true;
    OpenOnConnection open = first;
    first = null;
    OpenOnConnection last = (OpenOnConnection) ONLY.getAndSet(this, null);
    if (last != null) {
      last.next = open;
      open = last;
    }
    return open;
  }
}
