package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** Attempt of one {@code CONNECT}: the dial of its destination, and the bytes of its tunnel. */
final class ConnectAttempt implements Connection.Listener {
  private final ServerExchange exchange;
  private final AttemptObservation attempt;
  private final ConnectionObservation connection;
  private @Nullable EndPoint downstream;

  ConnectAttempt(ServerExchange exchange, String host, int port) {
    this.exchange = exchange;
    attempt = exchange.exchange().startAttempt(UpstreamTelemetry.upstream(host, port));
    connection = attempt.startConnection();
    connection.enter(ConnectionPhase.DNS_LOOKUP);
  }

  void resolved() {
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
  }

  void connected(EndPoint client, Connection upstream) {
    downstream = client;
    upstream.addEventListener(this);
    connection.established();
    attempt.connectionAcquired(false);
    attempt.end();
  }

  void failed(Throwable failure) {
    ProxyError error = ErrorClassifier.classifyConnect(failure);
    connection.fail(Side.UPSTREAM, error, failure);
    attempt.fail(Side.UPSTREAM, error, failure);
    exchange.recordFailure().attemptFailed(Side.UPSTREAM, error, failure);
  }

  /** Bytes were read from one side, or -1: it has closed its side. */
  void read(EndPoint from, int bytes) {
    boolean client = from == downstream;
    if (bytes > 0 && !client) {
      connection.bytesRead(bytes);
    } else if (bytes < 0) {
      TunnelObservation tunnel = exchange.tunnel();
      ServerEndPoint wire = exchange.endPoint();
      if (tunnel != null && (wire == null || !wire.hasFinished())) {
        tunnel.closedBy(client ? Side.DOWNSTREAM : Side.UPSTREAM);
      }
    }
  }

  /** Bytes are written to one side. Those that came with the CONNECT are visible only here. */
  void write(EndPoint to, int bytes) {
    boolean client = to == downstream;
    if (!client) {
      connection.bytesWritten(bytes);
    }
    TunnelObservation tunnel = exchange.tunnel();
    if (tunnel == null) {
      return;
    }
    if (client) {
      tunnel.bytesToDownstream(bytes);
    } else {
      tunnel.bytesToUpstream(bytes);
    }
  }

  @Override
  public void onClosed(Connection closed) {
    connection.end();
  }
}
