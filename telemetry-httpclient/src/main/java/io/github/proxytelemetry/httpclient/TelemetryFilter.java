package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import java.io.IOException;

/** Tells each request that comes by. It may be answered long after the handler has returned. */
final class TelemetryFilter extends Filter {
  private final ProxyTelemetry telemetry;

  TelemetryFilter(ProxyTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public String description() {
    return "Proxy Telemetry";
  }

  @Override
  public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
    ReceivedRequest request = new ReceivedRequest(exchange);
    HandledExchange observed = new HandledExchange(telemetry.startExchange(request), true);
    if (!request.hasBody()) {
      observed.requestEnd();
    }
    ServerExchange server = new ServerExchange(exchange, observed);
    Scope scope = observed.observation().activate();
    try {
      chain.doFilter(
          exchange instanceof HttpsExchange secure
              ? new ObservedHttpsExchange(secure, server)
              : new ObservedHttpExchange(server));
    } catch (Throwable thrown) {
      observed.failed(thrown);
      throw thrown;
    } finally {
      scope.close();
    }
  }
}
