package io.github.proxytelemetry.httpclient;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import java.io.IOException;

/**
 * Filter that starts the exchange of each request. Its response may follow after the handler
 * returned.
 */
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
    ServerRequestInfo request = new ServerRequestInfo(exchange);
    ManualExchange observed = new ManualExchange(telemetry.startExchange(request), true);
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
      observed.fail(thrown);
      throw thrown;
    } finally {
      scope.close();
    }
  }
}
