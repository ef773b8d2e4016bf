package io.github.proxytelemetry.hosts.jetty;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.hosts.Host;
import io.github.proxytelemetry.hosts.HostContract;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import jakarta.servlet.http.HttpServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

class ProxyServletTest extends HostContract {
  @Override
  protected Host host() {
    return this::start;
  }

  @Override
  protected boolean hasWebSockets() {
    return false;
  }

  @Override
  protected String lateCallsBecause() {
    return "When the client leaves, one thread closes its connection while another one is in a write,"
        + " whose bytes the adapter reports after the end.";
  }

  HttpServlet servlet(JettyTelemetry jetty, String origin) {
    return new ObservedProxyServlet(jetty, origin);
  }

  private Host.Running start(ProxyTelemetry telemetry, InetSocketAddress origin) throws Exception {
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder holder =
        new ServletHolder("proxy", servlet(jetty, "http://127.0.0.1:" + origin.getPort()));
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    server.setHandler(context);
    jetty.install(server).start();
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return new Host.Running() {
      @Override
      public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      }

      @Override
      public void close() {
        try {
          server.stop();
        } catch (Exception failure) {
          throw new AssertionError(failure);
        }
      }
    };
  }
}
