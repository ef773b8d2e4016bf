package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is told of an engine's first handshake. */
final class ObservedHandshake {
  private final ProxyTelemetry telemetry;
  private final Upstream upstream;
  private final Handshakes handshakes;
  private final boolean isAwaited;
  private final int engineMade;
  // Reading and writing are two threads of the JDK; until a handshake is over they take turns.
  private volatile Handshakes.@Nullable Pending pending;
  private volatile boolean begun;

  ObservedHandshake(ProxyTelemetry telemetry, Upstream upstream, Handshakes handshakes) {
    this.telemetry = telemetry;
    this.upstream = upstream;
    this.handshakes = handshakes;
    this.isAwaited = handshakes.isSomebodyWaiting();
    this.engineMade = handshakes.now();
  }

  boolean hasBegun() {
    return begun;
  }

  boolean isUnderWay() {
    return pending != null;
  }

  void begin(SSLEngine engine) {
    begun = true;
    ConnectionObservation connection = telemetry.startUpstreamConnection(upstream);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    pending = handshakes.begin(engine, connection, isAwaited, engineMade);
  }

  void finished() {
    ConnectionObservation connection = over();
    if (connection != null) {
      connection.established();
      connection.end();
    }
  }

  void failed(SSLException failure) {
    ConnectionObservation connection = over();
    if (connection != null) {
      connection.fail(Side.UPSTREAM, Failures.classify(failure), failure);
    }
  }

  void closedByPeer() {
    ConnectionObservation connection = over();
    if (connection != null) {
      connection.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  private @Nullable ConnectionObservation over() {
    Handshakes.Pending ending = pending;
    if (ending == null) {
      return null;
    }
    pending = null;
    return handshakes.over(ending) ? ending.connection : null;
  }
}
