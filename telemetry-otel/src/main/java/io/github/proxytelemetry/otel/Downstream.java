package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client's connection, and the list of what is open on it. */
final class Downstream extends Connection implements DownstreamObservation {
  private final long startNanos;
  private @Nullable SocketAddress peer;

  /** What is open, where it is one thing, as a rule: it takes no monitor to come and go. */
  private final AtomicReference<@Nullable Held> only = new AtomicReference<>();

  // The list is guarded by this; the monitor is held for a few assignments only.
  private @Nullable Held first;
  private volatile boolean closed;

  Downstream(Recorder recorder, @Nullable SocketAddress peer) {
    super(recorder, Side.DOWNSTREAM);
    this.peer = recorder.tracing.policy().capture().clientAddress() ? peer : null;
    this.startNanos = recorder.now();
    recorder.metrics.add(CONNECTIONS_TOTAL, 0, 1);
    recorder.metrics.add(CONNECTIONS_ACTIVE, 0, 1);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    if (recorder.tracing.policy().capture().clientAddress()) {
      peer = client;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return recorder.startExchange(this, request, recorder.now());
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return recorder.startExchange(this, request, receivedNanos);
  }

  /** The client's end of it, where the host wants that to be told. */
  @Nullable SocketAddress peer() {
    return peer;
  }

  /** Takes it in; {@code false} if the connection is over. */
  boolean hold(Held held) {
    if (!only.compareAndSet(null, held)) {
      return link(held);
    }
    // Whoever closes says so first and looks then, so one of the two sees the other; both may, and
    // then it is told twice of its one end.
    if (closed) {
      only.compareAndSet(held, null);
      return false;
    }
    return true;
  }

  private synchronized boolean link(Held held) {
    if (closed) {
      return false;
    }
    held.next = first;
    if (first != null) {
      first.previous = held;
    }
    first = held;
    return true;
  }

  void release(Held held) {
    if (only.get() == held) {
      // Nobody else puts anything in its place; whoever closes may take it out just now, and then
      // tells it of an end that it has had.
      only.setRelease(null);
    } else {
      unlink(held);
    }
  }

  private synchronized void unlink(Held held) {
    // Once closed, the list belongs to the thread that ends what is on it.
    if (closed) {
      return;
    }
    if (held.previous != null) {
      held.previous.next = held.next;
    } else if (first == held) {
      first = held.next;
    }
    if (held.next != null) {
      held.next.previous = held.previous;
    }
    held.previous = null;
    held.next = null;
  }

  @Override
  void ended(@Nullable Side side, @Nullable ProxyError error) {
    recorder.metrics.remove(CONNECTIONS_ACTIVE, 0, 1);
    recorder.metrics.record(CONNECTIONS_DURATION_SECONDS, 0, recorder.now() - startNanos);
    Held held = close();
    while (held != null) {
      Held next = held.next;
      // So that an observer that somebody keeps does not keep all the others.
      held.previous = null;
      held.next = null;
      held.connectionEnded();
      held = next;
    }
  }

  private synchronized @Nullable Held close() {
    closed = true;
    Held open = first;
    first = null;
    Held last = only.getAndSet(null);
    if (last != null) {
      last.next = open;
      open = last;
    }
    return open;
  }
}
