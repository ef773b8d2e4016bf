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

/** First handshake of a TLS engine, reported as a connection. */
final class ObservedHandshake {
  private final ProxyTelemetry telemetry;
  private final Upstream upstream;
  private final PendingHandshakes handshakes;
  private final boolean isAwaited;
  private final int engineEpoch;
  // The JDK reads and writes on two threads, which alternate until the handshake is complete.
  private volatile PendingHandshakes.@Nullable Pending pending;
  private volatile boolean begun;

  ObservedHandshake(ProxyTelemetry telemetry, Upstream upstream, PendingHandshakes handshakes) {
    this.telemetry = telemetry;
    this.upstream = upstream;
    this.handshakes = handshakes;
    this.isAwaited = handshakes.isAwaited();
    this.engineEpoch = handshakes.epoch();
  }

  boolean hasBegun() {
    return begun;
  }

  boolean isInProgress() {
    return pending != null;
  }

  void begin(SSLEngine engine) {
    begun = true;
    ConnectionObservation connection = telemetry.startUpstreamConnection(upstream);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    pending = handshakes.begin(engine, connection, isAwaited, engineEpoch);
  }

  void finished() {
    ConnectionObservation connection = takeConnection();
    if (connection != null) {
      connection.established();
      connection.end();
    }
  }

  void failed(SSLException failure) {
    ConnectionObservation connection = takeConnection();
    if (connection != null) {
      connection.fail(Side.UPSTREAM, ErrorClassifier.classify(failure), failure);
    }
  }

  void closedByPeer() {
    ConnectionObservation connection = takeConnection();
    if (connection != null) {
      connection.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
  }

  private @Nullable ConnectionObservation takeConnection() {
    PendingHandshakes.Pending ending = pending;
    if (ending == null) {
      return null;
    }
    pending = null;
    return handshakes.remove(ending) ? ending.connection : null;
  }
}
