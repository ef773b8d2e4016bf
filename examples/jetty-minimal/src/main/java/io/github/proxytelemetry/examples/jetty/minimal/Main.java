package io.github.proxytelemetry.examples.jetty.minimal;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;

/** Minimal reverse proxy on Jetty with telemetry. */
public final class Main {
  /** Arguments: the port of the proxy, the port of its metrics, and the origin as host:port. */
  public static void main(String[] arguments) throws Exception {
    int metricsPort = Integer.parseInt(arguments[1]);
    var telemetry =
        ProxyTelemetrySdk.builder("minimal").prometheus("127.0.0.1", metricsPort).build();
    Server server = start(telemetry, Integer.parseInt(arguments[0]), arguments[2]);
    // Exports the remaining telemetry on Ctrl-C or SIGTERM.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> telemetry.close(Duration.ofSeconds(5))));
    System.out.println("proxy on http://127.0.0.1:" + server.getURI().getPort() + "/");
    System.out.println("metrics on http://127.0.0.1:" + metricsPort + "/metrics");
  }

  static Server start(ProxyTelemetry telemetry, int port, String origin) throws Exception {
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(
        new ProxyHandler.Reverse(
            request -> HttpURI.build(request.getHttpURI()).scheme("http").authority(origin)) {
          @Override
          protected HttpClient newHttpClient() {
            return jetty.install(new TelemetryHttpClient()); // the upstream side
          }

          @Override
          protected Request newProxyToServerRequest(
              org.eclipse.jetty.server.Request request, HttpURI target) {
            return super.newProxyToServerRequest(request, target)
                .onResponseBegin(Main::refuseSwitch);
          }
        });
    jetty.install(server).start(); // the client side
    return server;
  }

  /** No request goes on with an Upgrade: a 101 is a failure, and the client gets a 502. */
  private static void refuseSwitch(Response response) {
    if (response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101) {
      var unused = response.abort(new HttpResponseException("101 unasked", response));
    }
  }

  private Main() {}
}
