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
 * Endpoint of a client's connection, below TLS and below every {@link Connection} that uses it.
 *
 * <p>Jetty closes the {@code Connection}s one by one, and one of them on an upgrade as well. The
 * client's connection has ended when the endpoint is closed, too.
 */
final class ServerEndPoint extends CountingEndPoint
    implements Connection.Listener, SslHandshakeListener {
  private final DownstreamObservation connection;
  private boolean handshaking;
  private @Nullable Throwable handshakeFailure;
  private boolean awaitsHandshake;
  private boolean hasRead;
  private long latestBeginNanos;
  private boolean clientClosed;
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
   * Marks an HTTP/1 request as observed. Its begin time identifies it, since requests of a
   * connection begin one after the other; storing the request itself in this long-lived object
   * would trigger the collector's write barrier for every request.
   */
  void markObserved(Request request) {
    latestBeginNanos = request.getBeginNanoTime();
  }

  /** Whether an HTTP/1 request was marked; requests of other versions never are. */
  boolean hasObserved(Request request) {
    return latestBeginNanos == request.getBeginNanoTime();
  }

  /**
   * From now on, the bytes are those of a tunnel.
   *
   * @param countedElsewhere whether only the end of the tunnel is reported here
   */
  void becomeTunnel(TunnelObservation opened, boolean countedElsewhere) {
    counted = countedElsewhere;
    tunnel = opened;
  }

  /** Observes the connection that was set on this endpoint. */
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
  void onFilled(int bytes) {
    TunnelObservation current = tunnel;
    if (bytes < 0) {
      clientClosed = true;
      if (current != null && !hasFinished()) {
        current.closedBy(Side.DOWNSTREAM);
      }
      return;
    }
    hasRead = true;
    // The handshake begins with the first byte: a port scanner that sends none fails no handshake.
    if (awaitsHandshake && !handshaking) {
      beginHandshake();
    }
    connection.bytesRead(bytes);
    if (current != null && !counted) {
      current.bytesToUpstream(bytes);
    }
  }

  @Override
  void onFlushed(long bytes) {
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
  void onFinished() {
    // This also ends a tunnel, whose two sides are closed by different threads.
    if (handshaking) {
      connection.fail(Side.DOWNSTREAM, handshakeError(), handshakeFailure);
    } else {
      connection.end();
    }
  }

  @Override
  public void handshakeSucceeded(Event event) {
    if (handshaking) {
      handshaking = false;
      awaitsHandshake = false;
      connection.established();
    }
  }

  /** Reported with the end of the connection, because a TLS alert may follow. */
  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    handshakeFailure = failure;
  }

  private ProxyError handshakeError() {
    Throwable failure = handshakeFailure;
    if (failure != null && !(failure.getCause() instanceof ClosedChannelException)) {
      return ErrorClassifier.classify(failure);
    }
    return closedHere ? ProxyError.CONNECTION_TIMEOUT : ProxyError.CLIENT_ABORT;
  }

  private void beginHandshake() {
    handshaking = true;
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
  }

  private void closing() {
    closedHere |= !clientClosed;
    TunnelObservation current = tunnel;
    if (current != null && !clientClosed) {
      current.closedBy(Side.UPSTREAM);
    }
  }
}
