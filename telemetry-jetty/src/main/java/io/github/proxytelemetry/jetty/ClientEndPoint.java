package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream, below TLS.
 *
 * <p>Jetty hands a connection to a request before its TLS handshake, which begins with the first
 * flush.
 */
final class ClientEndPoint extends CountingEndPoint
    implements Connection.Listener, SslHandshakeListener {
  private final ConnectionObservation connection;
  private volatile boolean secure = true;
  private boolean used;
  private @Nullable ClientAttempt waiting;

  ClientEndPoint(EndPoint wrapped, ConnectionObservation connection) {
    super(wrapped);
    this.connection = connection;
  }

  /**
   * The socket is connected.
   *
   * @param asksProxy whether another proxy is asked now for the way to the upstream
   */
  void connected(Connection top, boolean asksProxy) {
    if (asksProxy) {
      top.addEventListener(this);
      connection.enter(ConnectionPhase.PROXY_CONNECT);
    } else {
      watch(top);
    }
  }

  /** The way to the upstream is open, and what speaks to it takes its place. */
  @Override
  public void setConnection(Connection next) {
    super.setConnection(next);
    watch(next);
  }

  private void watch(Connection top) {
    top.addEventListener(this);
    if (top instanceof SslConnection ssl) {
      secure = false;
      ssl.addHandshakeListener(this);
      connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    } else {
      connection.established();
    }
  }

  /** Whether a request had this connection before. */
  boolean use() {
    boolean before = used;
    used = true;
    return before;
  }

  /**
   * Whether what is sent leaves at once.
   *
   * @param attempt what is told when the handshake is done, where it is not yet
   */
  boolean isReady(ClientAttempt attempt) {
    if (secure) {
      return true;
    }
    waiting = attempt;
    return false;
  }

  @Override
  void filled(int bytes) {
    if (bytes > 0) {
      connection.bytesRead(bytes);
    }
  }

  @Override
  void flushed(long bytes) {
    connection.bytesWritten(bytes);
  }

  @Override
  public void handshakeSucceeded(Event event) {
    secure = true;
    connection.established();
    ClientAttempt attempt = waiting;
    waiting = null;
    if (attempt != null) {
      attempt.requestStarted();
    }
  }

  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    connection.fail(Side.UPSTREAM, Failures.classify(failure), failure);
  }

  @Override
  public void onClosed(Connection closed) {
    if (!isOpen()) {
      closed();
    }
  }

  @Override
  void over() {
    if (!secure) {
      connection.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
    connection.end();
  }
}
