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
 * Endpoint of an upstream connection, below TLS.
 *
 * <p>Jetty assigns a connection to a request before the TLS handshake, which begins with the first
 * flush.
 */
final class ClientEndPoint extends CountingEndPoint
    implements Connection.Listener, SslHandshakeListener {
  private final ConnectionObservation connection;
  private volatile boolean secure = true;
  private @Nullable Throwable handshakeFailure;
  private boolean used;
  private @Nullable ClientAttempt waiting;

  ClientEndPoint(EndPoint wrapped, ConnectionObservation connection) {
    super(wrapped);
    this.connection = connection;
  }

  /**
   * The socket is connected.
   *
   * @param throughProxy whether a tunnel through another proxy is opened next
   */
  void connected(Connection top, boolean throughProxy) {
    if (throughProxy) {
      top.addEventListener(this);
      connection.enter(ConnectionPhase.PROXY_CONNECT);
    } else {
      watch(top);
    }
  }

  /** The tunnel through the other proxy is open. */
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

  /**
   * Assigns this connection to a request.
   *
   * @return whether an earlier request had it
   */
  boolean acquire() {
    boolean reused = used;
    used = true;
    return reused;
  }

  /**
   * Whether a request is sent at once.
   *
   * @param attempt otherwise notified when the TLS handshake is complete
   */
  boolean isReady(ClientAttempt attempt) {
    if (secure) {
      return true;
    }
    waiting = attempt;
    return false;
  }

  @Override
  void onFilled(int bytes) {
    if (bytes > 0) {
      connection.bytesRead(bytes);
    }
  }

  @Override
  void onFlushed(long bytes) {
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

  /** Reported with the end of the connection, because a TLS alert may follow. */
  @Override
  public void handshakeFailed(Event event, Throwable failure) {
    handshakeFailure = failure;
  }

  @Override
  public void onClosed(Connection closed) {
    if (!isOpen()) {
      closed();
    }
  }

  @Override
  void onFinished() {
    Throwable failure = handshakeFailure;
    if (secure) {
      connection.end();
    } else if (failure == null) {
      connection.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    } else {
      connection.fail(Side.UPSTREAM, ErrorClassifier.classify(failure), failure);
    }
  }
}
