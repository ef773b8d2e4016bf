package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;

/** A little of everything that a proxy meets, so that every instrument has something to show. */
public final class Traffic {
  public static final String ROUTE = "/users/{id}";
  public static final String UPSTREAM_ROUTE = "/v1/users/{id}";

  private Traffic() {}

  public static void drive(ProxyTelemetry telemetry) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    client.enter(ConnectionPhase.TLS_HANDSHAKE);
    client.established();
    client.bytesRead(100);
    proxied(client);
    failed(client);
    canceled(client);
    tunnelled(client);
    client.end();
  }

  /** What imgproxy tells of itself, with a library of its own. */
  public static void work(OtelProxyTelemetry telemetry) {
    telemetry.inProgress("images");
    telemetry.bufferSizes().record(2048);
    telemetry.bufferSizes().defaultSize(4096);
    telemetry.bufferSizes().maxSize(65_536);
    telemetry.gauge("vips_memory_bytes", "By", () -> 1);
    telemetry.gauge("vips_max_memory_bytes", "By", () -> 2);
    telemetry.gauge("vips_allocs", "{allocation}", () -> 3);
  }

  /** A request that a new connection is dialled for, and its response with a body. */
  public static void proxied(DownstreamObservation client) {
    ExchangeObservation exchange =
        client.startExchange(Request.with(new Headers().with("Content-Length", "3")));
    exchange.route(ROUTE);
    exchange.handlingStarted();
    exchange.requestBytes(3);
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.route(UPSTREAM_ROUTE);
    dial(attempt);
    attempt.connectionAcquired(false);
    attempt.requestStarted(Request.with(new Headers().with("Content-Length", "3")));
    attempt.requestBytes(3);
    attempt.responseStarted(200, new Headers().with("Content-Length", "5"), Headers.ACCESS);
    attempt.responseBytes(5);
    attempt.responseEnd();
    exchange.responseStarted(200, new Headers(), Headers.ACCESS);
    exchange.responseBytes(5);
    exchange.responseEnd();
  }

  /** A response that breaks off, after a time-out. */
  public static void failed(DownstreamObservation client) {
    ExchangeObservation exchange = client.startExchange(Request.GET);
    exchange.route(ROUTE);
    AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
    first.requestStarted(Request.GET);
    first.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
    second.requestStarted(Request.GET);
    second.responseStarted(200);
    second.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    exchange.requestEnd();
    exchange.responseStarted(502);
    exchange.responseEnd();
  }

  private static void canceled(DownstreamObservation client) {
    ExchangeObservation exchange = client.startExchange(Request.GET);
    exchange.route(ROUTE);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
  }

  private static void tunnelled(DownstreamObservation client) {
    ExchangeObservation exchange = client.startExchange(Request.CONNECT);
    exchange.responseStarted(200);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    tunnel.bytesToUpstream(10);
    tunnel.bytesToDownstream(20);
    tunnel.end();
  }

  private static void dial(AttemptObservation attempt) {
    ConnectionObservation connection = attempt.startConnection();
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    connection.established();
    connection.end();
  }
}
