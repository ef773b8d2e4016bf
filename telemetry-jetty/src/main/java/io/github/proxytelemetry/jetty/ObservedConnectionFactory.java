package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;

/**
 * First connection factory of a connector: wraps the endpoint of each connection that the next
 * factory creates.
 *
 * <p>Its protocol name begins with that of the next factory, because Jetty derives from the first
 * protocol name whether the connector uses TLS.
 */
final class ObservedConnectionFactory extends AbstractConnectionFactory {
  private static final String SUFFIX = "+telemetry";

  private final ProxyTelemetry telemetry;
  private final String next;

  ObservedConnectionFactory(ProxyTelemetry telemetry, String next) {
    super(next + SUFFIX);
    this.telemetry = telemetry;
    this.next = next;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    ConnectionFactory factory = connector.getConnectionFactory(next);
    ServerEndPoint observed = new ServerEndPoint(endPoint, telemetry);
    try {
      Connection connection = factory.newConnection(connector, observed);
      observed.watch(connection);
      return connection;
    } catch (Throwable failure) {
      observed.connection().end();
      throw failure;
    }
  }
}
