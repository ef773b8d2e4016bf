package io.github.proxytelemetry.docs;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryConnectHandler;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import java.util.function.Function;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/** Samples of the pages about Jetty. */
final class JettySamples {
  static void module(ProxyTelemetry telemetry, Server server, Function<Request, HttpURI> rewriter)
      throws Exception {
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);

    // ProxyHandler.Reverse and .Forward bind their upstream requests themselves:
    ProxyHandler proxy =
        new ProxyHandler.Reverse(rewriter) {
          @Override
          protected HttpClient newHttpClient() {
            return jetty.install(new TelemetryHttpClient());
          }
        };

    // CONNECT: name lookup, dial, and every byte of the tunnel.
    server.setHandler(new TelemetryConnectHandler(proxy));

    // Last: connectors, the outermost handler, the error pages and the request log.
    jetty.install(server).start();
  }

  private JettySamples() {}
}
