package io.github.proxytelemetry;

import static io.github.proxytelemetry.ConnectionPhase.DNS_LOOKUP;
import static io.github.proxytelemetry.ConnectionPhase.SOCKET_CONNECT;
import static io.github.proxytelemetry.ConnectionPhase.TLS_HANDSHAKE;

/** Typical call sequences of proxies, one method each. */
final class Flows {
  static final RequestInfo GET = new Request("GET", "/a");
  static final RequestInfo CONNECT = new Request("CONNECT", null);
  static final Upstream ORIGIN = Upstream.named("origin", "127.0.0.1", 443);
  private static final FakeHeaders HEADERS = new FakeHeaders();

  private record Request(String method, String path) implements RequestInfo {}

  static void all(ProxyTelemetry telemetry) {
    reverseProxy(telemetry);
    retry(telemetry);
    hedge(telemetry);
    connectTunnel(telemetry);
    webSocket(telemetry);
    localAnswer(telemetry);
    clientAbort(telemetry);
    tlsRejected(telemetry);
    controlPlane(telemetry);
  }

  static void reverseProxy(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    client.enter(TLS_HANDSHAKE);
    client.established();
    client.bytesRead(100);
    ExchangeObservation exchange = client.startExchange(GET);
    exchange.route("/a");
    exchange.handlingStarted();
    exchange.requestBytes(3);
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    dial(attempt.startConnection(), true).end();
    attempt.connectionAcquired(false);
    Scope scope = exchange.activate();
    try {
      serve(attempt, exchange);
    } finally {
      scope.close();
    }
    client.bytesWritten(200);
    client.end();
  }

  static void retry(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(GET);
    AttemptObservation first = exchange.startAttempt(ORIGIN);
    ConnectionObservation connection = first.startConnection();
    connection.enter(SOCKET_CONNECT);
    connection.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    first.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation second = exchange.startAttempt(ORIGIN);
    second.connectionAcquired(true);
    serve(second, exchange);
    client.end();
  }

  static void hedge(ProxyTelemetry telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(GET);
    AttemptObservation loser = exchange.startAttempt(ORIGIN);
    AttemptObservation winner = exchange.startAttempt(ORIGIN);
    serve(winner, exchange);
    loser.cancel();
  }

  static void connectTunnel(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(CONNECT);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    ConnectionObservation connection = dial(attempt.startConnection(), false);
    attempt.connectionAcquired(false);
    attempt.end();
    exchange.responseStarted(200, HEADERS, FakeHeaders.ACCESS);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    tunnel.bytesToUpstream(517);
    tunnel.bytesToDownstream(4096);
    tunnel.closedBy(Side.DOWNSTREAM);
    tunnel.end();
    connection.end();
    client.end();
  }

  static void webSocket(ProxyTelemetry telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(GET, 1);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.activate().close();
    attempt.inject(HEADERS, FakeHeaders.ACCESS);
    attempt.responseStarted(101);
    attempt.end();
    exchange.responseStarted(101);
    exchange.startTunnel(TunnelKind.WEBSOCKET).fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
  }

  static void localAnswer(ProxyTelemetry telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(GET);
    exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null);
    exchange.informational(103);
    exchange.informational(103, HEADERS, FakeHeaders.ACCESS);
    exchange.responseStarted(403);
    exchange.responseTrailers(HEADERS, FakeHeaders.ACCESS);
    exchange.end();
  }

  static void clientAbort(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.requestTrailers(HEADERS, FakeHeaders.ACCESS);
    attempt.cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    client.end();
  }

  static void tlsRejected(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    client.enter(TLS_HANDSHAKE);
    client.fail(Side.DOWNSTREAM, ProxyError.TLS_PROTOCOL_ERROR, null);
    telemetry.startExchange(GET).discard();
  }

  static void controlPlane(ProxyTelemetry telemetry) {
    AttemptObservation call = telemetry.startAttempt(ORIGIN);
    call.requestStarted(GET);
    call.responseReceived(200, 3);
    AttemptObservation other = telemetry.startAttempt(ORIGIN);
    other.responseStarted(200);
    other.responseRestReceived(3);
    telemetry.startUpstreamConnection(ORIGIN).end();
  }

  private static ConnectionObservation dial(ConnectionObservation connection, boolean tls) {
    connection.enter(DNS_LOOKUP);
    connection.enter(SOCKET_CONNECT);
    if (tls) {
      connection.enter(TLS_HANDSHAKE);
    }
    connection.established();
    return connection;
  }

  private static void serve(AttemptObservation attempt, ExchangeObservation exchange) {
    attempt.inject(HEADERS, FakeHeaders.ACCESS);
    attempt.requestStarted(GET);
    attempt.requestBytes(3);
    attempt.requestEnd();
    attempt.informational(103);
    attempt.responseStarted(200, HEADERS, FakeHeaders.ACCESS);
    exchange.responseStarted(200, HEADERS, FakeHeaders.ACCESS);
    attempt.responseBytes(10);
    attempt.responseTrailers(HEADERS, FakeHeaders.ACCESS);
    attempt.responseEnd();
    exchange.responseBytes(10);
    exchange.responseEnd();
  }

  private Flows() {}
}
