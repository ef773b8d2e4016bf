package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ConnectionObservation;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/**
 * Set of the handshakes in progress.
 *
 * <p>The JDK's client does not close an engine whose connection is reset or cancelled. But it dials
 * only while an attempt waits for its response head, and closes the connection when that attempt
 * ends. So a handshake is ended when every attempt has ended that was waiting when its engine was
 * created. If there was none, because the client is not wrapped, the handshake is ended when its
 * engine is garbage-collected.
 */
final class PendingHandshakes {
  private static final int NOT_COUNTED = -1;

  private final ReferenceQueue<SSLEngine> collected = new ReferenceQueue<>();
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final WaitingAttempts waiting = new WaitingAttempts();
  private volatile boolean enabled;

  /** Starts counting attempts, which is needless while no TLS context is wrapped. */
  void enable() {
    enabled = true;
  }

  /** An attempt waits for its head; pass the result to {@link #headReceived}. */
  int awaitHead() {
    if (!enabled) {
      return NOT_COUNTED;
    }
    endCollected();
    return waiting.enter();
  }

  /** An attempt has stopped waiting: it received its head, or failed. */
  void headReceived(int token) {
    if (token == NOT_COUNTED) {
      return;
    }
    waiting.exit(token);
    if (!pending.isEmpty()) {
      endAbandoned();
    }
  }

  /** Whether an attempt waits; otherwise a new engine belongs to a client that is not wrapped. */
  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  /** The current epoch, recorded when an engine is created. */
  int epoch() {
    return waiting.epoch();
  }

  Pending begin(
      SSLEngine engine, ConnectionObservation connection, boolean isAwaited, int engineEpoch) {
    Pending handshake = new Pending(engine, collected, connection, isAwaited, engineEpoch);
    pending.add(handshake);
    // The attempts that it was created for may have ended since.
    endAbandoned();
    return handshake;
  }

  private void endAbandoned() {
    waiting.advance();
    for (Pending handshake : pending) {
      if (handshake.isAwaited && waiting.haveEndedSince(handshake.engineEpoch)) {
        end(handshake);
      }
    }
  }

  /** Removes a handshake; returns whether it was in the set. */
  boolean remove(Pending handshake) {
    handshake.clear();
    return pending.remove(handshake);
  }

  void endCollected() {
    for (Object next = collected.poll(); next != null; next = collected.poll()) {
      if (next instanceof Pending handshake) {
        end(handshake);
      }
    }
  }

  /** The cause is unknown, so the connection ends without an error. */
  private void end(Pending handshake) {
    if (remove(handshake)) {
      handshake.connection.end();
    }
  }

  /** Handshake in progress, with a weak reference to its engine. */
  static final class Pending extends WeakReference<SSLEngine> {
    final ConnectionObservation connection;
    private final boolean isAwaited;
    private final int engineEpoch;

    Pending(
        SSLEngine engine,
        ReferenceQueue<SSLEngine> collected,
        ConnectionObservation connection,
        boolean isAwaited,
        int engineEpoch) {
      super(engine, collected);
      this.connection = connection;
      this.isAwaited = isAwaited;
      this.engineEpoch = engineEpoch;
    }
  }
}
