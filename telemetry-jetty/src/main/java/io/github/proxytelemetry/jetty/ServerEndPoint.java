package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;
import java.nio.channels.ClosedChannelException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, below everything else: TLS, HTTP of either version, and what takes the
 * place of HTTP.
 *
 * <p>Jetty closes its {@link Connection}s one by one, on an upgrade too. The client's connection is
 * over when one is closed and the endpoint with it.
 */
final class ServerEndPoint extends CountingEndPoint
    implements Connection.Listener, SslHandshakeListener {
  private final DownstreamObservation connection;
  private boolean handshaking;
  private @Nullable Throwable handshakeFailure;
  private boolean awaitsHandshake;
  private boolean hasRead;
  private long latest;
  private boolean clientLeft;
  private boolean closedHere;
  private volatile @Nullable TunnelObservation tunnel;
  private boolean counted;

  ServerEndPoint(EndPoint wrapped, ProxyTelemetry telemetry) {
    super(wrapped);
    connection =
        telemetry.startDownstreamConnection(
            wrapped.getLocalSocketAddress(), wrapped.getRemoteSocketAddress());
  }

  DownstreamObservation connection() {
    return connection;
  }

  /**
   * Remembers the request that is observed, so that nobody has to look for it. A time is enough:
   * requests of HTTP/1 begin one after the other, and a number is cheaper to keep here than the
   * request, as the collector has to be told of nothing.
   */
  void observed(Request request) {
    latest = request.getBeginNanoTime();
  }

  /** Whether a request is observed, if it is one of HTTP/1; of others nothing is known here. */
  boolean hasObserved(Request request) {
    return latest == request.getBeginNanoTime();
  }

  /**
   * What flows from here on is a tunnel's.
   *
   * @param countedElsewhere whether only its end is to be told here
   */
  void becomeTunnel(TunnelObservation opened, boolean countedElsewhere) {
    counted = countedElsewhere;
    tunnel = opened;
  }

  /** Follows the connection that has been put on this endpoint. */
  void watch(Connection top) {
    top.addEventListener(this);
    if (top instanceof SslConnection ssl) {
      awaitsHandshake = true;
      ssl.addHandshakeListener(this);
      if (hasRead) {
        beginHandshake();
      }
    } else if (!hasRead) {
      connection.established();
    }
  }

  @Override
  public void setConnection(Connection next) {
    super.setConnection(next);
    watch(next);
  }

  @Override
  void filled(int bytes) {
    TunnelObservation current = tunnel;
    if (bytes < 0) {
      clientLeft = true;
      if (current != null) {
        current.closedBy(Side.DOWNSTREAM);
      }
      return;
    }
    hasRead = true;
    // A scanner that says nothing fails no handshake.
    if (awaitsHandshake && !handshaking) {
      beginHandshake();
    }
    connection.bytesRead(bytes);
    if (current != null && !counted) {
      current.bytesToUpstream(bytes);
    }
  }

  @Override
  void flushed(long bytes) {
    connection.bytesWritten(bytes);
    TunnelObservation current = tunnel;
    if (current != null && !counted) {
      current.bytesToDownstream(bytes);
    }
  }

  @Override
  public void shutdownOutput() {
    closing();
    super.shutdownOutput();
  }

  @Override
  public void close(Throwable cause) {
    closing();
    super.close(cause);
  }

  @Override
  public void onClosed(Connection closed) {
    if (!isOpen()) {
      closed();
    }
  }

  @Override
  void over() {
    if (handshaking) {
      connection.fail(Side.DOWNSTREAM, handshakeError(), handshakeFailure);
    }
    TunnelObservation current = tunnel;
    if (current != null) {
      current.end();
    }
    connection.end();
  }

  @Override
  public void handshakeSucceeded(Event event) {
    if (handshaking) {
      handshaking = false;
      awaitsHandshake = false;
      connection.established();
    }
  }

  /** Told at the end, because an alert may follow. */
  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    handshakeFailure = failure;
  }

  private ProxyError handshakeError() {
    Throwable failure = handshakeFailure;
    if (failure != null && !(failure.getCause() instanceof ClosedChannelException)) {
      return Failures.classify(failure);
    }
    return closedHere ? ProxyError.CONNECTION_TIMEOUT : ProxyError.CLIENT_ABORT;
  }

  private void beginHandshake() {
    handshaking = true;
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
  }

  private void closing() {
    closedHere |= !clientLeft;
    TunnelObservation current = tunnel;
    if (current != null && !clientLeft) {
      current.closedBy(Side.UPSTREAM);
    }
  }
}
