package io.github.proxytelemetry.hosts.jetty;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import jakarta.servlet.http.HttpServlet;

class AsyncProxyServletTest extends ProxyServletTest {
  @Override
  HttpServlet servlet(JettyTelemetry jetty, String origin) {
    return new ObservedAsyncProxyServlet(jetty, origin);
  }
}
