package io.github.proxytelemetry.jetty;

import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Check, when a server starts, that what was set after {@link JettyTelemetry#install(Server)} has
 * not taken the place of what it observes. A later handler would leave requests to the request log
 * alone, which reports each as refused before any handler saw it.
 */
final class WiringCheck implements LifeCycle.Listener {
  private static final System.Logger LOGGER = System.getLogger(JettyTelemetry.class.getName());

  private final Server server;

  WiringCheck(Server server) {
    this.server = server;
  }

  @Override
  public void lifeCycleStarting(LifeCycle starting) {
    if (server.getDescendant(ServerHandler.class) == null) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Requests are not observed: setHandler was called after install(server). Call"
              + " install(server) after it.");
    }
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof AbstractConnector observable
          && observable.getConnectionFactory(ObservedConnectionFactory.class) == null) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "Connections are not observed: a connector was added after install(server). Call"
                + " install(server) after it, or install(connector).");
        return;
      }
    }
  }
}
