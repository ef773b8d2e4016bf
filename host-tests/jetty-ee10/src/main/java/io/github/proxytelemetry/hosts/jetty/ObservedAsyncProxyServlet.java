package io.github.proxytelemetry.hosts.jetty;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** {@code AsyncProxyServlet} in front of one origin. */
final class ObservedAsyncProxyServlet extends AsyncProxyServlet {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // Servlets are not serialised any more.
  private final JettyTelemetry jetty;

  private final String origin;

  ObservedAsyncProxyServlet(JettyTelemetry jetty, String origin) {
    this.jetty = jetty;
    this.origin = origin;
  }

  @Override
  protected HttpClient newHttpClient() {
    return jetty.install(new TelemetryHttpClient());
  }

  @Override
  protected void sendProxyRequest(
      HttpServletRequest client, HttpServletResponse response, Request upstream) {
    JettyTelemetry.bind(upstream, ServletContextRequest.getServletContextRequest(client));
    super.sendProxyRequest(client, response, upstream);
  }

  @Override
  protected String rewriteTarget(HttpServletRequest request) {
    return origin + request.getRequestURI();
  }
}
