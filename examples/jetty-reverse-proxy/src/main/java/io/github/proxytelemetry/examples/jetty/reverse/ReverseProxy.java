package io.github.proxytelemetry.examples.jetty.reverse;

import io.github.proxytelemetry.examples.jetty.NoSwitch;
import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;

/** A reverse proxy in front of one origin, WebSocket included. */
public final class ReverseProxy {
  /** Takes two ports, for clients and for Prometheus, and the origin as host:port. */
  public static void main(String[] arguments) throws Exception {
    start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), arguments[2]).run();
  }

  static ObservedServer start(int port, int metricsPort, String origin) throws Exception {
    return ObservedServer.start(
        "reverse-proxy",
        port,
        metricsPort,
        (server, jetty) ->
            new Handler.Sequence(
                new WebSockets(server, newClient(jetty), origin), reverse(jetty, origin)));
  }

  private static ProxyHandler reverse(JettyTelemetry jetty, String origin) {
    return new ProxyHandler.Reverse(
        request ->
            HttpURI.build(request.getHttpURI()).scheme("http").authority(origin).asImmutable()) {
      @Override
      protected HttpClient newHttpClient() {
        return newClient(jetty);
      }

      @Override
      protected org.eclipse.jetty.client.Request newProxyToServerRequest(
          Request request, HttpURI target) {
        return NoSwitch.accept(super.newProxyToServerRequest(request, target));
      }
    };
  }

  private static HttpClient newClient(JettyTelemetry jetty) {
    return jetty.install(new TelemetryHttpClient()); // telemetry
  }

  private ReverseProxy() {}
}
