package io.github.proxytelemetry.deploy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;

/** Everything that a proxy can do, once each, so that every metric has a value. */
final class ScriptedTraffic {
  private static final Upstream USERS = Upstream.named("users", "users.internal", 8080);

  static void run(ProxyTelemetry telemetry) {
    DownstreamObservation connection = telemetry.startDownstreamConnection(null, null);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    connection.established();
    connection.bytesRead(100);
    connection.bytesWritten(200);
    answered(connection);
    failed(connection, ProxyError.CONNECTION_REFUSED);
    failed(connection, ProxyError.HTTP_RESPONSE_TIMEOUT);
    cutShort(connection);
    brokenOff(connection);
    tunnelled(connection);
    connection.end();
  }

  private static void answered(DownstreamObservation connection) {
    ExchangeObservation exchange = exchange(connection, "GET");
    AttemptObservation attempt = exchange.startAttempt(USERS);
    ConnectionObservation dial = attempt.startConnection();
    dial.enter(ConnectionPhase.DNS_LOOKUP);
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.enter(ConnectionPhase.TLS_HANDSHAKE);
    dial.established();
    attempt.connectionAcquired(false);
    attempt.route("/v1/users/{id}");
    attempt.requestStarted(new Request("GET"));
    attempt.requestBytes(10);
    attempt.requestEnd();
    attempt.responseStarted(200);
    attempt.responseBytes(20);
    attempt.end();
    exchange.requestEnd();
    exchange.responseStarted(200);
    exchange.responseBytes(20);
    exchange.end();
    dial.end();
  }

  private static void failed(DownstreamObservation connection, ProxyError error) {
    ExchangeObservation exchange = exchange(connection, "POST");
    exchange.startAttempt(USERS).fail(Side.UPSTREAM, error, null);
    exchange.note(Side.UPSTREAM, error, null);
    exchange.responseStarted(502);
    exchange.end();
  }

  private static void cutShort(DownstreamObservation connection) {
    ExchangeObservation exchange = exchange(connection, "GET");
    AttemptObservation attempt = exchange.startAttempt(USERS);
    attempt.connectionAcquired(true);
    attempt.requestStarted(new Request("GET"));
    attempt.responseStarted(200);
    attempt.responseBytes(5);
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    exchange.responseStarted(200);
    exchange.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
  }

  private static void brokenOff(DownstreamObservation connection) {
    ExchangeObservation exchange = exchange(connection, "GET");
    AttemptObservation attempt = exchange.startAttempt(USERS);
    attempt.connectionAcquired(true);
    attempt.requestStarted(new Request("GET"));
    attempt.responseStarted(200);
    attempt.responseBytes(5);
    attempt.cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
  }

  private static void tunnelled(DownstreamObservation connection) {
    TunnelObservation tunnel = exchange(connection, "CONNECT").startTunnel(TunnelKind.CONNECT);
    tunnel.end();
  }

  private static ExchangeObservation exchange(DownstreamObservation connection, String method) {
    ExchangeObservation exchange = connection.startExchange(new Request(method));
    exchange.route("/users/{id}");
    exchange.handlingStarted();
    return exchange;
  }

  private record Request(String method) implements RequestInfo {
    @Override
    public @Nullable String path() {
      return "/users/7";
    }

    @Override
    public @Nullable String scheme() {
      return "https";
    }

    @Override
    public @Nullable String protocolVersion() {
      return "1.1";
    }
  }

  private ScriptedTraffic() {}
}
