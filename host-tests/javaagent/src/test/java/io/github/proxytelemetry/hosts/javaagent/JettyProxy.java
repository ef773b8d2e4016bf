package io.github.proxytelemetry.hosts.javaagent;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;

/** Proxy on Jetty's server and client. */
final class JettyProxy implements Proxy {
  private final Server server;

  JettyProxy(ProxyTelemetry telemetry, String origin) throws Exception {
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(
        new ProxyHandler.Reverse(
            request -> HttpURI.build(request.getHttpURI()).scheme("http").authority(origin)) {
          @Override
          protected HttpClient newHttpClient() {
            return jetty.install(new TelemetryHttpClient());
          }
        });
    jetty.install(server).start();
  }

  @Override
  public int port() {
    return server.getURI().getPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
