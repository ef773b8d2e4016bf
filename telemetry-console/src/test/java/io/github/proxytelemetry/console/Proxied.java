package io.github.proxytelemetry.console;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;

/** Exchanges as a proxy reports them. */
final class Proxied {
  private Proxied() {}

  /** A request over a new connection to an upstream. */
  static void exchange(ProxyTelemetry telemetry, String path, String route, Upstream upstream) {
    ExchangeObservation exchange = telemetry.startExchange(request(path));
    exchange.route(route);
    exchange.handlingStarted();
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(upstream);
    ConnectionObservation connection = attempt.startConnection();
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    connection.established();
    attempt.connectionAcquired(false);
    attempt.requestStarted(request(path));
    attempt.requestEnd();
    attempt.responseStarted(200);
    attempt.responseBytes(10);
    attempt.responseEnd();
    connection.end();
    exchange.responseStarted(200);
    exchange.responseEnd();
  }

  /** A request whose upstream refused the connection. */
  static void refused(ProxyTelemetry telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(request("/refused"));
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(Upstream.of("127.0.0.1", 1));
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.responseStarted(502);
    exchange.responseEnd();
  }

  private static RequestInfo request(String path) {
    return new RequestInfo() {
      @Override
      public String method() {
        return "GET";
      }

      @Override
      public String path() {
        return path;
      }
    };
  }
}
