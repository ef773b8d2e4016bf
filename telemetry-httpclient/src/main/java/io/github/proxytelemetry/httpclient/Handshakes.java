package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ConnectionObservation;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/**
 * The handshakes that are under way.
 *
 * <p>The JDK's client drops an engine whose connection is reset or given up without a word to it.
 * But it dials only while an attempt waits for its head, and hangs up when that is over: a
 * handshake is over, too, when all the attempts are over that waited when its engine was made. What
 * nobody waited for then, because its client is not observed, ends with its engine.
 */
final class Handshakes {
  private static final int NOT_COUNTED = -1;

  private final ReferenceQueue<SSLEngine> dropped = new ReferenceQueue<>();
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
  private final WaitingAttempts waiting = new WaitingAttempts();
  private volatile boolean observed;

  /** From now on there are handshakes, so that it matters who waits. */
  void observe() {
    observed = true;
  }

  /** An attempt waits for its head: what this returns has to be given to {@link #waitIsOver}. */
  int awaitHead() {
    if (!observed) {
      return NOT_COUNTED;
    }
    endDropped();
    return waiting.begin();
  }

  /** An attempt waits no more, whether it has got its head or not. */
  void waitIsOver(int since) {
    if (since == NOT_COUNTED) {
      return;
    }
    waiting.end(since);
    if (!pending.isEmpty()) {
      endAbandoned();
    }
  }

  /** Whether somebody waits: otherwise, a new engine is for a client that is not observed. */
  boolean isSomebodyWaiting() {
    return !waiting.isNobody();
  }

  /** This moment, at which an engine is made. */
  int now() {
    return waiting.now();
  }

  Pending begin(
      SSLEngine engine, ConnectionObservation connection, boolean isAwaited, int engineMade) {
    Pending handshake = new Pending(engine, dropped, connection, isAwaited, engineMade);
    pending.add(handshake);
    // Who waited for it may have ceased to since the engine was made.
    endAbandoned();
    return handshake;
  }

  private void endAbandoned() {
    waiting.takeTurns();
    for (Pending handshake : pending) {
      if (handshake.isAwaited && waiting.areAllOver(handshake.engineMade)) {
        end(handshake);
      }
    }
  }

  /** Whether it was not over before. */
  boolean over(Pending handshake) {
    handshake.clear();
    return pending.remove(handshake);
  }

  void endDropped() {
    for (Object next = dropped.poll(); next != null; next = dropped.poll()) {
      if (next instanceof Pending handshake) {
        end(handshake);
      }
    }
  }

  /** Nobody knows why it was given up, so that nobody is blamed. */
  private void end(Pending handshake) {
    if (over(handshake)) {
      handshake.connection.end();
    }
  }

  /** One handshake; it does not keep its engine alive. */
  static final class Pending extends WeakReference<SSLEngine> {
    final ConnectionObservation connection;
    private final boolean isAwaited;
    private final int engineMade;

    Pending(
        SSLEngine engine,
        ReferenceQueue<SSLEngine> dropped,
        ConnectionObservation connection,
        boolean isAwaited,
        int engineMade) {
      super(engine, dropped);
      this.connection = connection;
      this.isAwaited = isAwaited;
      this.engineMade = engineMade;
    }
  }
}
