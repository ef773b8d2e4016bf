package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.PROXY_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUEST_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.RESPONSE_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_ACQUIRE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_DNS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_TLS_DURATION_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections, streams and tunnels take in the layers. */
class LayerTimesTest {
  private final Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND, Layers.all());

  @Test
  void timesConnectionsThatAreDialled() {
    AttemptObservation attempt = attempt();
    ConnectionObservation connection = attempt.startConnection();
    bench.after(1);
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    bench.after(2);
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    bench.after(4);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    bench.after(8);
    connection.established();
    attempt.connectionAcquired(false);
    bench.after(100);
    attempt.connectionAcquired(false);
    attempt.end();
    assertMillis(UPSTREAM_ACQUIRE_DURATION_SECONDS, 15);
    assertMillis(UPSTREAM_DNS_DURATION_SECONDS, 2);
    assertMillis(UPSTREAM_TLS_DURATION_SECONDS, 8);
  }

  @Test
  void aConnectionThatIsReusedHasNoDnsAndNoTls() {
    AttemptObservation attempt = attempt();
    bench.after(3);
    attempt.connectionAcquired(true);
    attempt.end();
    assertMillis(UPSTREAM_ACQUIRE_DURATION_SECONDS, 3);
    assertThat(bench.count(UPSTREAM_DNS_DURATION_SECONDS)).isZero();
    assertThat(bench.count(UPSTREAM_TLS_DURATION_SECONDS)).isZero();
  }

  @Test
  void aPhaseThatWasInterruptedHasNoDuration() {
    AttemptObservation attempt = attempt();
    ConnectionObservation connection = attempt.startConnection();
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    bench.after(2);
    connection.fail(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    attempt.fail(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    assertThat(bench.count(UPSTREAM_DNS_DURATION_SECONDS)).isZero();
    assertThat(bench.count(UPSTREAM_ACQUIRE_DURATION_SECONDS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/event-stream", "Text/Event-Stream;charset=utf-8", "application/grpc+proto"})
  void aStreamHasALatencyAndNoDuration(String type) {
    Headers headers = new Headers().with("Content-Type", type);
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("POST"));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    bench.after(5);
    attempt.responseStarted(200, headers, Headers.ACCESS);
    exchange.responseStarted(200, headers, Headers.ACCESS);
    // It is known while the stream goes on.
    assertMillis(REQUEST_DURATION_SECONDS, 5);
    bench.after(3_600_000);
    attempt.responseEnd();
    exchange.responseEnd();
    exchange.requestEnd();
    assertMillis(REQUEST_DURATION_SECONDS, 5);
    assertThat(bench.stage("proxy")).isCloseTo(0.005, within(1e-9));
    assertThat(bench.stage("backend")).isCloseTo(0.005, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/event-streams", "application/grpcweb", "text/html"})
  void whatIsNoStreamIsTimedToItsEnd(String type) {
    Headers headers = new Headers().with("Content-Type", type);
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of("POST"));
    exchange.responseStarted(200, headers, Headers.ACCESS);
    bench.after(7);
    exchange.end();
    assertMillis(REQUEST_DURATION_SECONDS, 7);
  }

  @Test
  void aTunnelIsTimedToTheHeadOfItsResponse() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.CONNECT);
    bench.after(9);
    exchange.responseStarted(200);
    bench.after(50);
    exchange.startTunnel(TunnelKind.CONNECT).end();
    assertMillis(REQUEST_DURATION_SECONDS, 9);
    assertThat(bench.count(RESPONSE_SIZE_BYTES)).isZero();
  }

  @Test
  void whatIsDiscardedIsInNoLayer() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(101);
    exchange.discard();
    assertThat(bench.count(REQUEST_DURATION_SECONDS)).isZero();
    assertThat(bench.count(PROXY_DURATION_SECONDS)).isZero();
  }

  private AttemptObservation attempt() {
    return bench.telemetry.startExchange(Request.GET).startAttempt(Bench.ORIGIN);
  }

  private void assertMillis(Instrument instrument, double millis) {
    assertThat(bench.count(instrument)).isOne();
    assertThat(bench.sumMillis(instrument)).isCloseTo(millis, within(1e-6));
  }
}
