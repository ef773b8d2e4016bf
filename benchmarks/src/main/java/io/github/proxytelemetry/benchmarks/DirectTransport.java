package io.github.proxytelemetry.benchmarks;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;

/** Dials a {@link DirectEndPoint} wherever it is asked to. */
final class DirectTransport implements Transport {
  private final CompletableFuture<DirectEndPoint> dialled = new CompletableFuture<>();

  /** The connection, once the request that it was dialled for is written. */
  DirectEndPoint awaitConnection() throws Exception {
    return dialled.get(10, TimeUnit.SECONDS);
  }

  /** As if it went to a network, so that there is a lookup to observe. */
  @Override
  public boolean requiresDomainNameResolution() {
    return true;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    try {
      ClientConnector connector =
          (ClientConnector) Objects.requireNonNull(context.get(ClientConnector.CONTEXT_KEY));
      // Another one may stand for this, and then it makes the connection.
      Transport outermost = (Transport) Objects.requireNonNull(context.get(Transport.CONTEXT_KEY));
      DirectEndPoint endPoint = new DirectEndPoint(connector.getScheduler());
      Connection connection = outermost.newConnection(endPoint, context);
      endPoint.setConnection(connection);
      endPoint.onOpen();
      connection.onOpen();
      dialled.complete(endPoint);
    } catch (Exception e) {
      dialled.completeExceptionally(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
