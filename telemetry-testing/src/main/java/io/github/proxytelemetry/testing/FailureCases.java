package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;
import static io.github.proxytelemetry.Instrument.ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.PROCESSING_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Failures of exchanges and connections, counted by error and side. */
abstract class FailureCases extends BackendCases {
  FailureCases(ProxyTelemetryContract contract) {
    super(contract);
  }

  @Test
  void countsALocalAnswer() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    exchange.note(Side.PROXY, ProxyError.HTTP_REQUEST_DENIED, null);
    exchange.responseStarted(403);
    exchange.end();

    totals()
        .with(1, REQUESTS_TOTAL, REQUESTS_BY_STATUS, ERRORS_TOTAL, PROCESSING_DURATION_SECONDS)
        .check();
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "403");
    assertLabelled(1, ERRORS_TOTAL, error("http_request_denied", "proxy"));
  }

  @Test
  void countsATimeout() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_READ_TIMEOUT, null);
    exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_READ_TIMEOUT, null);
    exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.responseStarted(504);
    exchange.end();

    assertRequests(1);
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "504");
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "timeout");
    assertLabelled(1, ERRORS_TOTAL, Map.of());
    assertLabelled(1, ERRORS_TOTAL, error("connection_read_timeout", "upstream"));
  }

  @Test
  void countsAClientAbort() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(GET);
    exchange.startAttempt(ORIGIN).cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    client.end();

    totals()
        .with(1, CONNECTIONS_TOTAL, CONNECTIONS_DURATION_SECONDS)
        .with(1, REQUESTS_TOTAL, REQUESTS_BY_STATUS, ATTEMPTS_TOTAL, ERRORS_TOTAL)
        .check();
    assertLabelled(1, REQUESTS_BY_STATUS, Dimension.STATUS, "aborted");
    assertLabelled(1, ATTEMPTS_TOTAL, Dimension.OUTCOME, "canceled");
    assertLabelled(1, ERRORS_TOTAL, error("client_abort", "downstream"));
  }

  @Test
  void countsNoRequest_whenTlsIsRejected() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    client.enter(ConnectionPhase.TLS_HANDSHAKE);
    client.fail(Side.DOWNSTREAM, ProxyError.TLS_PROTOCOL_ERROR, null);

    totals()
        .with(1, CONNECTIONS_TOTAL, CONNECTIONS_DURATION_SECONDS)
        .without(TLS_HANDSHAKE_DURATION_SECONDS)
        .check();
  }

  private static Map<Dimension, String> error(String token, String side) {
    return Map.of(Dimension.ERROR, token, Dimension.SIDE, side);
  }
}
