package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_ACQUIRE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_CONNECTIONS_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Whose time, and whose failure: the default names tell upstreams apart that the host named. */
class UpstreamLabelTest {
  private static final Upstream CARTS = Upstream.named("carts", "10.0.0.1", 80);
  private static final Upstream USERS = Upstream.named("users", "10.0.0.2", 80);
  private static final Upstream SECRET = Upstream.of("secret.test", 443);
  private static final int RACES = 2000;

  private final Bench bench = Bench.metricsOnly();

  @Test
  void tellsWhichFailsAndWhichAnswers() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(CARTS).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation second = exchange.startAttempt(USERS);
    second.requestStarted(Request.GET);
    bench.after(7);
    second.responseStarted(200);
    second.end();
    exchange.responseStarted(200);
    exchange.end();

    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "failed", "upstream", "carts")).isOne();
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "success", "upstream", "users")).isOne();
    assertThat(of(FIRST_BYTE_LATENCY_SECONDS, "users")).isOne();
    assertThat(of(FIRST_BYTE_LATENCY_SECONDS, "carts")).isZero();
  }

  @Test
  void tellsWhoseTheErrorIs() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(CARTS).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.startAttempt(USERS).fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    exchange.responseStarted(504);
    exchange.end();

    assertThat(errors("http_response_timeout", "users")).isOne();
    assertThat(bench.total(ERRORS_TOTAL)).isOne();
  }

  @Test
  void tellsWhoseTheFirstErrorIs_thoughAnotherAttemptFollows() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(CARTS).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.startAttempt(USERS).cancel();
    exchange.end();

    assertThat(errors("connection_refused", "carts")).isOne();
  }

  @Test
  void namesNone_whereItIsNotKnown() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(CARTS).cancel();
    exchange.startAttempt(USERS).cancel();
    exchange.fail(Side.UPSTREAM, ProxyError.HTTP_PROTOCOL_ERROR, null);

    assertThat(bench.value(ERRORS_TOTAL, "error", "http_protocol_error", "side", "upstream"))
        .isOne();
  }

  @Test
  void blamesNone_forWhatTheClientDid() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.startAttempt(CARTS).cancel();
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);

    assertThat(bench.value(ERRORS_TOTAL, "error", "client_abort", "side", "downstream")).isOne();
  }

  @Test
  void countsItsConnections() {
    ConnectionObservation dial = bench.telemetry.startUpstreamConnection(USERS);
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    assertThat(bench.total(UPSTREAM_CONNECTIONS_ACTIVE)).isZero();
    bench.after(5);
    dial.established();
    assertThat(bench.value(UPSTREAM_CONNECTIONS_ACTIVE, "upstream", "users")).isOne();
    assertThat(of(CONNECT_LATENCY_SECONDS, "users")).isOne();
    dial.enter(ConnectionPhase.TLS_HANDSHAKE);
    dial.established();
    bench.after(30);
    dial.end();
    dial.end();

    assertThat(bench.value(UPSTREAM_CONNECTIONS_TOTAL, "upstream", "users")).isOne();
    assertThat(bench.value(UPSTREAM_CONNECTIONS_ACTIVE, "upstream", "users")).isZero();
    assertThat(bench.count(UPSTREAM_CONNECTIONS_DURATION_SECONDS)).isOne();
    assertThat(bench.sumMillis(UPSTREAM_CONNECTIONS_DURATION_SECONDS)).isCloseTo(30, within(1e-6));
  }

  @Test
  void countsNoConnection_thatWasNotEstablished() {
    ConnectionObservation dial = bench.telemetry.startUpstreamConnection(USERS);
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    dial.established();

    assertThat(bench.total(UPSTREAM_CONNECTIONS_TOTAL)).isZero();
    assertThat(bench.total(UPSTREAM_CONNECTIONS_ACTIVE)).isZero();
    assertThat(bench.count(UPSTREAM_CONNECTIONS_DURATION_SECONDS)).isZero();
  }

  @Test
  void comesBackToZero_whereTheEndRacesTheConnect() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    ConnectionObservation[] dials = new ConnectionObservation[RACES];
    for (int i = 0; i < RACES; i++) {
      dials[i] = bench.telemetry.startUpstreamConnection(USERS);
    }
    Thread other =
        new Thread(
            () -> {
              for (ConnectionObservation dial : dials) {
                await(barrier);
                dial.end();
              }
            });
    other.start();
    for (ConnectionObservation dial : dials) {
      await(barrier);
      dial.established();
    }
    other.join();

    assertThat(bench.total(UPSTREAM_CONNECTIONS_ACTIVE)).isZero();
    assertThat(bench.count(UPSTREAM_CONNECTIONS_DURATION_SECONDS))
        .isEqualTo(bench.total(UPSTREAM_CONNECTIONS_TOTAL));
  }

  @Test
  void tellsTheFirstByteOfATunnel() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.CONNECT);
    exchange.startAttempt(USERS).end();
    exchange.responseStarted(200);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    tunnel.bytesToDownstream(1);
    tunnel.end();

    assertThat(of(FIRST_BYTE_LATENCY_SECONDS, "users")).isOne();
    assertThat(bench.value(Instrument.TUNNELS_ACTIVE, "kind", "connect")).isZero();
  }

  @Test
  void tellsWhoIsWaitedFor_whereThatIsMeasured() {
    Bench layered =
        Bench.layeredMetrics(
            MetricNaming.PRIVACY_PROXY,
            Layers.builder().metrics(Group.DETAILED_CONNECTION).build());
    ExchangeObservation exchange = layered.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(CARTS);
    layered.after(12);
    attempt.connectionAcquired(true);
    attempt.cancel();
    exchange.end();

    assertThat(layered.sum(UPSTREAM_ACQUIRE_DURATION_SECONDS, Map.of(Dimension.UPSTREAM, "carts")))
        .isOne();
  }

  @Test
  void saysNothingOfWhereAUserGoes() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(SECRET);
    ConnectionObservation dial = attempt.startConnection();
    dial.enter(ConnectionPhase.SOCKET_CONNECT);
    dial.established();
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    exchange.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_INCOMPLETE, null);
    dial.end();

    assertThat(bench.reader.collectAllMetrics())
        .isNotEmpty()
        .noneMatch(metric -> metric.toString().contains("secret"));
    assertThat(bench.value(ATTEMPTS_TOTAL, "outcome", "failed")).isOne();
    assertThat(bench.value(UPSTREAM_CONNECTIONS_TOTAL)).isOne();
    for (Instrument each : new Instrument[] {CONNECT_LATENCY_SECONDS, FIRST_BYTE_LATENCY_SECONDS}) {
      var points =
          bench.metric(MetricNaming.PRIVACY_PROXY.name(each)).getHistogramData().getPoints();
      assertThat(points).hasSize(1).allMatch(point -> point.getAttributes().isEmpty());
    }
  }

  private double of(Instrument instrument, String upstream) {
    return bench.sum(instrument, Map.of(Dimension.UPSTREAM, upstream));
  }

  private long errors(String error, String upstream) {
    return bench.value(ERRORS_TOTAL, "error", error, "side", "upstream", "upstream", upstream);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
