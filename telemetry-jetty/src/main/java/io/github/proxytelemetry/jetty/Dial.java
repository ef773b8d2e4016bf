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

/** One dial: a name's addresses are tried one after the other. */
final class Dial extends Transport.Wrapper {
  private final ConnectionObservation connection;
  private final boolean asksProxy;
  private int untried;

  Dial(Transport transport, ConnectionObservation connection, boolean asksProxy) {
    super(transport);
    this.asksProxy = asksProxy;
    this.connection = connection;
  }

  /** The destination's name is being looked up. */
  void resolving() {
    connection.enter(ConnectionPhase.DNS_LOOKUP);
  }

  void resolved(int addresses) {
    untried = addresses;
  }

  void notResolved(Throwable failure) {
    connection.fail(
        Side.UPSTREAM,
        failure instanceof TimeoutException ? ProxyError.DNS_TIMEOUT : Failures.classify(failure),
        failure);
  }

  @Override
  @SuppressWarnings("unchecked") // Jetty puts it there under this key.
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
              if (untried <= 0) {
                connection.fail(Side.UPSTREAM, Failures.ofConnect(failure), failure);
              }
              super.failed(failure);
            }
          });
    }
    super.connect(address, context);
  }

  /** The socket is connected. */
  @Override
  public Connection newConnection(EndPoint endPoint, Map<String, Object> context)
      throws IOException {
    ClientEndPoint observed = new ClientEndPoint(endPoint, connection);
    Connection top = super.newConnection(observed, context);
    observed.connected(top, asksProxy);
    return top;
  }

  // A destination is known by its transport, and this one stands for the other.

  @Override
  public boolean equals(Object other) {
    return getWrapped().equals(other instanceof Dial dial ? dial.getWrapped() : other);
  }

  @Override
  public int hashCode() {
    return getWrapped().hashCode();
  }
}
