package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** Transport of one dial, which tries the addresses of a name one after the other. */
final class DialTransport extends Transport.Wrapper {
  private final ConnectionObservation connection;
  private final @Nullable ClientAttempt attempt;
  private final boolean throughProxy;
  private int untried;

  /**
   * @param attempt the attempt that waits for the connection, if there is one
   */
  DialTransport(
      Transport transport,
      ConnectionObservation connection,
      @Nullable ClientAttempt attempt,
      boolean throughProxy) {
    super(transport);
    this.attempt = attempt;
    this.throughProxy = throughProxy;
    this.connection = connection;
  }

  void lookupStarted() {
    connection.enter(ConnectionPhase.DNS_LOOKUP);
  }

  void lookupSucceeded(int addresses) {
    untried = addresses;
  }

  void lookupFailed(Throwable failure) {
    failed(failure);
    connection.fail(
        Side.UPSTREAM,
        failure instanceof TimeoutException
            ? ProxyError.DNS_TIMEOUT
            : ErrorClassifier.classify(failure),
        failure);
  }

  @Override
  @SuppressWarnings("unchecked") // The type of the value that Jetty stores under this key.
  public void connect(SocketAddress address, Map<String, Object> context) {
    untried--;
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    Promise<Connection> promise =
        (Promise<Connection>) context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY);
    if (promise != null) {
      context.put(
          ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
          new Promise.Wrapper<>(promise) {
            @Override
            public void failed(Throwable failure) {
              DialTransport.this.failed(failure);
              if (untried <= 0) {
                connection.fail(Side.UPSTREAM, ErrorClassifier.classifyConnect(failure), failure);
              }
              super.failed(failure);
            }
          });
    }
    super.connect(address, context);
  }

  private void failed(Throwable failure) {
    if (attempt != null) {
      attempt.dialFailed(failure);
    }
  }

  /** The socket is connected. */
  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context)
      throws IOException {
    if (attempt != null && !throughProxy) {
      attempt.dialSucceeded();
    }
    ClientEndPoint observed = new ClientEndPoint(endPoint, connection);
    Connection top = super.newConnection(observed, context);
    observed.connected(top, throughProxy);
    return top;
  }

  // Jetty compares destinations by their transports: a wrapper has to equal the wrapped one.

  @Override
  public boolean equals(Object other) {
    return getWrapped().equals(other instanceof DialTransport dial ? dial.getWrapped() : other);
  }

  @Override
  public int hashCode() {
    return getWrapped().hashCode();
  }
}
