package io.github.proxytelemetry.examples.jetty.forward;

import io.github.proxytelemetry.examples.jetty.NoSwitch;
import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryConnectHandler;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A forward proxy: {@code CONNECT}, and absolute http URLs. */
public final class ForwardProxy {
  /** Takes two ports, for clients and for Prometheus. */
  public static void main(String[] arguments) throws Exception {
    start(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
  }

  static ObservedServer start(int port, int metricsPort) throws Exception {
    return ObservedServer.start(
        "forward-proxy", port, metricsPort, (server, jetty) -> new Tunnels(forward(jetty)));
  }

  private static ProxyHandler forward(JettyTelemetry jetty) {
    return new ProxyHandler.Forward() {
      @Override
      protected HttpClient newHttpClient() {
        return jetty.install(new TelemetryHttpClient()); // telemetry
      }

      @Override
      protected org.eclipse.jetty.client.Request newProxyToServerRequest(
          Request request, HttpURI target) {
        return NoSwitch.accept(super.newProxyToServerRequest(request, target));
      }
    };
  }

  /** Answers 502 where Jetty would say 500. */
  private static final class Tunnels extends TelemetryConnectHandler { // telemetry
    Tunnels(ProxyHandler proxy) {
      super(proxy);
    }

    @Override
    protected void onConnectFailure(
        Request request, Response response, Callback callback, Throwable failure) {
      super.onConnectFailure(request, new BadGateway(response), callback, failure);
    }
  }

  private static final class BadGateway extends Response.Wrapper {
    BadGateway(Response response) {
      super(response.getRequest(), response);
    }

    @Override
    public void setStatus(int ignored) {
      super.setStatus(HttpStatus.BAD_GATEWAY_502);
    }
  }

  private ForwardProxy() {}
}
