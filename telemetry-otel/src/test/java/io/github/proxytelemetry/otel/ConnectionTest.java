package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_SENT_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTION_IO_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECT_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.TLS_HANDSHAKE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static io.github.proxytelemetry.Instrument.TUNNEL_DURATION_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final Bench bench = Bench.metricsOnly();

  @Test
  void countsAClientsConnectionUntilItsFirstEnd() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    client.enter(ConnectionPhase.TLS_HANDSHAKE);
    bench.after(4);
    client.established();
    client.bytesRead(100);
    client.bytesWritten(200);
    assertThat(bench.value(CONNECTIONS_ACTIVE)).isOne();
    bench.after(6);
    client.fail(Side.DOWNSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    client.end();
    client.bytesRead(1);
    assertThat(bench.value(CONNECTIONS_TOTAL)).isOne();
    assertThat(bench.value(CONNECTIONS_ACTIVE)).isZero();
    assertThat(bench.count(CONNECTIONS_DURATION_SECONDS)).isOne();
    assertThat(bench.sumMillis(CONNECTIONS_DURATION_SECONDS)).isCloseTo(10, within(1e-6));
    assertThat(bench.sumMillis(TLS_HANDSHAKE_DURATION_SECONDS)).isCloseTo(4, within(1e-6));
    assertThat(bench.count(CONNECT_LATENCY_SECONDS)).isZero();
    assertThat(received("downstream")).isEqualTo(100);
    assertThat(sent("downstream")).isEqualTo(200);
  }

  @Test
  void hasNoDurationForAHandshakeThatFailed() {
    ConnectionObservation connection = bench.telemetry.startUpstreamConnection(Bench.ORIGIN);
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    bench.after(4);
    connection.fail(Side.UPSTREAM, ProxyError.TLS_CERTIFICATE_ERROR, null);
    connection.established();
    assertThat(bench.count(TLS_HANDSHAKE_DURATION_SECONDS)).isZero();
    assertThat(bench.count(CONNECT_LATENCY_SECONDS)).isZero();
  }

  @Test
  void measuresFromTheFirstPhaseToTheFirstUse() {
    ConnectionObservation connection = bench.telemetry.startUpstreamConnection(Bench.ORIGIN);
    bench.after(100);
    connection.enter(ConnectionPhase.DNS_LOOKUP);
    bench.after(3);
    connection.enter(ConnectionPhase.SOCKET_CONNECT);
    bench.after(4);
    connection.enter(ConnectionPhase.TLS_HANDSHAKE);
    bench.after(5);
    connection.established();
    connection.established();
    connection.bytesRead(7);
    connection.end();
    assertThat(bench.count(CONNECT_LATENCY_SECONDS)).isOne();
    assertThat(bench.sumMillis(CONNECT_LATENCY_SECONDS)).isCloseTo(12, within(1e-6));
    assertThat(bench.sumMillis(TLS_HANDSHAKE_DURATION_SECONDS)).isCloseTo(5, within(1e-6));
    assertThat(received("upstream")).isEqualTo(7);
  }

  @Test
  void endsTheExchangeAndBeginsATunnel() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(Request.CONNECT);
    exchange.responseStarted(200);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "200")).isOne();
    assertThat(bench.value(TUNNELS_ACTIVE, "kind", "connect")).isOne();
    tunnel.bytesToUpstream(517);
    bench.after(9);
    tunnel.bytesToDownstream(4096);
    bench.after(1);
    tunnel.closedBy(Side.DOWNSTREAM);
    bench.after(5);
    tunnel.bytesToDownstream(4);
    bench.after(60);
    tunnel.closedBy(Side.UPSTREAM);
    client.end();
    tunnel.end();
    assertThat(bench.value(TUNNELS_ACTIVE, "kind", "connect")).isZero();
    assertThat(bench.count(TUNNEL_DURATION_SECONDS)).isOne();
    assertThat(bench.sumMillis(TUNNEL_DURATION_SECONDS)).isCloseTo(15, within(1e-6));
    assertThat(bench.sumMillis(FIRST_BYTE_LATENCY_SECONDS)).isCloseTo(9, within(1e-6));
    assertThat(bench.value(BYTES_SENT_TOTAL)).isEqualTo(517);
    assertThat(bench.value(BYTES_RECEIVED_TOTAL)).isEqualTo(4100);
  }

  @Test
  void hasOneTunnelAtMost() {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(101);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.WEBSOCKET);
    exchange.startTunnel(TunnelKind.WEBSOCKET).bytesToUpstream(1);
    assertThat(bench.value(TUNNELS_ACTIVE, "kind", "websocket")).isOne();
    assertThat(bench.value(BYTES_SENT_TOTAL)).isZero();
    tunnel.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(bench.value(TUNNELS_ACTIVE, "kind", "websocket")).isZero();
    assertThat(bench.value(REQUESTS_BY_STATUS, "status", "101")).isOne();
  }

  private long received(String side) {
    return bench.value(CONNECTION_IO_BYTES_TOTAL, "direction", "received", "side", side);
  }

  private long sent(String side) {
    return bench.value(CONNECTION_IO_BYTES_TOTAL, "direction", "sent", "side", side);
  }

  @Test
  void recordsNoConnectLatency_whereOnlyTheHandshakeIsShown() {
    ConnectionObservation dial = bench.telemetry.startUpstreamConnection(Bench.ORIGIN);
    dial.enter(ConnectionPhase.TLS_HANDSHAKE);
    dial.established();
    dial.end();
    assertThat(bench.count(CONNECT_LATENCY_SECONDS)).isZero();
    assertThat(bench.count(TLS_HANDSHAKE_DURATION_SECONDS)).isOne();
  }
}
