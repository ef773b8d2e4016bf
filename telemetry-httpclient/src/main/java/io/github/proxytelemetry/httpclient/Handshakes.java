package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ConnectionObservation;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;

/**
 * The handshakes that are under way. The JDK's client drops an engine whose connection breaks
 * without a word to it; only the collector of garbage learns of that.
 */
final class Handshakes {
  private final ReferenceQueue<SSLEngine> dropped = new ReferenceQueue<>();
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

  Pending begin(SSLEngine engine, ConnectionObservation connection) {
    Pending handshake = new Pending(engine, dropped, connection);
    pending.add(handshake);
    return handshake;
  }

  void over(Pending handshake) {
    handshake.clear();
    pending.remove(handshake);
  }

  void endAbandoned() {
    for (Object next = dropped.poll(); next != null; next = dropped.poll()) {
      if (next instanceof Pending handshake && pending.remove(handshake)) {
        handshake.connection.end();
      }
    }
  }

  /** One handshake; it does not keep its engine alive. */
  static final class Pending extends WeakReference<SSLEngine> {
    final ConnectionObservation connection;

    Pending(SSLEngine engine, ReferenceQueue<SSLEngine> dropped, ConnectionObservation connection) {
      super(engine, dropped);
      this.connection = connection;
    }
  }
}
