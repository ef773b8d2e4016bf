package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTION_IO_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.PROCESSING_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.QUEUE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static io.github.proxytelemetry.Instrument.TUNNEL_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_TOTAL;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Typical call sequences of proxies that succeed, in the usual order. */
abstract class FlowCases extends BackendCases {
  FlowCases(ProxyTelemetryContract contract) {
    super(contract);
  }

  @Test
  void countsAReverseProxy() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    client.enter(ConnectionPhase.TLS_HANDSHAKE);
    client.established();
    client.bytesRead(100);
    ExchangeObservation exchange = client.startExchange(GET);
    exchange.handlingStarted();
    exchange.requestBytes(3);
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    ConnectionObservation dial = attempt.startConnection();
    dial.enter(ConnectionPhase.DNS_LOOKUP);
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.enter(ConnectionPhase.TLS_HANDSHAKE);
    dial.established();
    attempt.connectionAcquired(false);
    serve(attempt, exchange, 200);
    dial.end();
    client.bytesWritten(200);
    client.end();

    totals()
        .with(1, CONNECTIONS_TOTAL, CONNECTIONS_DURATION_SECONDS, REQUESTS_TOTAL)
        .with(1, REQUESTS_BY_STATUS, ATTEMPTS_TOTAL, CONNECT_LATENCY_SECONDS)
        .with(1, UPSTREAM_CONNECTIONS_TOTAL, UPSTREAM_CONNECTIONS_DURATION_SECONDS)
        .with(1, FIRST_BYTE_LATENCY_SECONDS, PROCESSING_DURATION_SECONDS, QUEUE_DURATION_SECONDS)
        .with(2, TLS_HANDSHAKE_DURATION_SECONDS)
        .with(300, CONNECTION_IO_BYTES_TOTAL)
        .with(3, BYTES_SENT_TOTAL)
        .with(10, BYTES_RECEIVED_TOTAL)
        .check();
    assertLabelled(1, REQUESTS_TOTAL, Dimension.METHOD, "GET");
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "200");
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "success");
    assertLabelled(1, TLS_HANDSHAKE_DURATION_SECONDS, Dimension.SIDE, "downstream");
    assertLabelled(1, TLS_HANDSHAKE_DURATION_SECONDS, Dimension.SIDE, "upstream");
    assertLabelled(
        100,
        CONNECTION_IO_BYTES_TOTAL,
        Map.of(Dimension.DIRECTION, "received", Dimension.SIDE, "downstream"));
    assertLabelled(
        200,
        CONNECTION_IO_BYTES_TOTAL,
        Map.of(Dimension.DIRECTION, "sent", Dimension.SIDE, "downstream"));
  }

  @Test
  void countsKeepAlive() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    for (int i = 0; i < 3; i++) {
      ExchangeObservation exchange = client.startExchange(GET);
      exchange.requestEnd();
      serve(exchange.startAttempt(ORIGIN), exchange, i == 2 ? 404 : 200);
    }
    client.end();

    totals()
        .with(1, CONNECTIONS_TOTAL, CONNECTIONS_DURATION_SECONDS)
        .with(3, REQUESTS_TOTAL, REQUESTS_BY_STATUS, ATTEMPTS_TOTAL, FIRST_BYTE_LATENCY_SECONDS)
        .with(3, PROCESSING_DURATION_SECONDS)
        .with(9, BYTES_SENT_TOTAL)
        .with(30, BYTES_RECEIVED_TOTAL)
        .check();
    assertLabelled(2, REQUESTS_BY_STATUS, Dimension.STATUS, "200");
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "404");
  }

  @Test
  void countsAResponseThatArrivesWhole() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = forward(exchange);
    attempt.responseReceived(200, 10);
    exchange.responseStarted(200);
    exchange.responseEnd();

    served().with(1, ATTEMPTS_TOTAL).check();
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "success");
  }

  @Test
  void countsAResponseWhoseRestCameWithItsHead() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = forward(exchange);
    attempt.responseStarted(200);
    attempt.responseRestReceived(10);
    exchange.responseStarted(200);
    exchange.responseEnd();

    served().with(1, ATTEMPTS_TOTAL).check();
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "success");
  }

  @Test
  void countsARetry() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    exchange.requestEnd();
    AttemptObservation first = exchange.startAttempt(ORIGIN);
    ConnectionObservation dial = first.startConnection();
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    first.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation second = exchange.startAttempt(ORIGIN);
    second.connectionAcquired(true);
    serve(second, exchange, 200);

    served().with(2, ATTEMPTS_TOTAL).check();
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "failed");
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "success");
  }

  @Test
  void countsAHedge() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    exchange.requestEnd();
    AttemptObservation loser = exchange.startAttempt(ORIGIN);
    serve(exchange.startAttempt(ORIGIN), exchange, 200);
    loser.cancel();

    served().with(2, ATTEMPTS_TOTAL).check();
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "canceled");
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "success");
  }

  @Test
  void countsAConnectTunnel() {
    ExchangeObservation exchange = telemetry().startExchange(request("CONNECT"));
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    ConnectionObservation dial = attempt.startConnection();
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.established();
    attempt.end();
    exchange.responseStarted(200);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    tunnel.bytesToUpstream(517);
    tunnel.bytesToDownstream(4000);
    tunnel.bytesToDownstream(96);
    tunnel.closedBy(Side.DOWNSTREAM);
    tunnel.end();
    dial.end();

    totals()
        .with(1, REQUESTS_TOTAL, REQUESTS_BY_STATUS, ATTEMPTS_TOTAL, CONNECT_LATENCY_SECONDS)
        .with(1, UPSTREAM_CONNECTIONS_TOTAL, UPSTREAM_CONNECTIONS_DURATION_SECONDS)
        .with(1, FIRST_BYTE_LATENCY_SECONDS, PROCESSING_DURATION_SECONDS, TUNNEL_DURATION_SECONDS)
        .with(517, BYTES_SENT_TOTAL)
        .with(4096, BYTES_RECEIVED_TOTAL)
        .check();
    assertLabelled(1, REQUESTS_TOTAL, Dimension.METHOD, "CONNECT");
    assertLabelled(1, TUNNEL_DURATION_SECONDS, Dimension.KIND, "connect");
  }

  @Test
  void countsAWebSocket() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.responseStarted(101);
    attempt.end();
    exchange.responseStarted(101);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.WEBSOCKET);
    assertLabelled(1, TUNNELS_ACTIVE, Dimension.KIND, "websocket");
    tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);

    totals()
        .with(1, REQUESTS_TOTAL, REQUESTS_BY_STATUS, ATTEMPTS_TOTAL, TUNNEL_DURATION_SECONDS)
        .without(FIRST_BYTE_LATENCY_SECONDS, PROCESSING_DURATION_SECONDS, ERRORS_TOTAL)
        .check();
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "101");
  }

  @Test
  void countsNoRequest_forACallOfTheHost() {
    AttemptObservation call = telemetry().startAttempt(ORIGIN);
    call.requestStarted(GET);
    call.responseStarted(200);
    call.responseEnd();
    telemetry().startUpstreamConnection(ORIGIN).end();

    totals().with(1, ATTEMPTS_TOTAL, FIRST_BYTE_LATENCY_SECONDS).check();
  }

  @Test
  void countsNothing_ofADiscardedExchange() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.discard();

    totals().check();
  }

  private Totals served() {
    return totals()
        .with(1, REQUESTS_TOTAL, REQUESTS_BY_STATUS)
        .with(1, FIRST_BYTE_LATENCY_SECONDS, PROCESSING_DURATION_SECONDS)
        .with(3, BYTES_SENT_TOTAL)
        .with(10, BYTES_RECEIVED_TOTAL);
  }

  private static void serve(AttemptObservation attempt, ExchangeObservation exchange, int status) {
    attempt.requestStarted(GET);
    attempt.requestBytes(3);
    attempt.requestEnd();
    attempt.informational(103);
    attempt.responseStarted(status);
    exchange.responseStarted(status);
    attempt.responseBytes(10);
    attempt.responseEnd();
    exchange.responseBytes(10);
    exchange.responseEnd();
  }

  /** The whole request goes upstream. */
  private static AttemptObservation forward(ExchangeObservation exchange) {
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.requestStarted(GET);
    attempt.requestBytes(3);
    attempt.requestEnd();
    return attempt;
  }
}
