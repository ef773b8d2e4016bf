package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.Traffic;
import io.github.proxytelemetry.testbed.Scrape;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts of the telemetry itself, the same as metrics and in {@code health()}. */
class SelfMetricsTest {
  private static final List<String> OWN =
      List.of(
          "telemetry_errors_total counter",
          "telemetry_guard_tripped gauge",
          "telemetry_callback_errors_total counter",
          "telemetry_series_overflow_total counter",
          "telemetry_late_calls_total counter",
          "telemetry_exports_total counter",
          "telemetry_items_delivered_total counter",
          "telemetry_items_dropped_total counter",
          "telemetry_items_queued gauge");

  @Test
  void countsWhatTheGuardKeptAwayFromTraffic() throws Exception {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge")
            .recording(options -> options.naming(MetricNaming.privacyProxy("my_")))
            .prometheus("127.0.0.1", 0)
            .build()) {
      ProxyTelemetry guarded = ProxyTelemetry.guarded(telemetry);
      RequestInfo broken =
          () -> {
            throw new IllegalStateException("secret");
          };
      for (int i = 0; i < 3; i++) {
        ExchangeObservation exchange = guarded.startExchange(broken);
        exchange.end();
      }
      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      assertThat(scrape.value("my_telemetry_errors_total")).isEqualTo(3);
      assertThat(scrape.text()).doesNotContain("secret").contains("my_telemetry_exports_total{");
      Health health = telemetry.health();
      assertThat(health.isHealthy()).isTrue();
      assertThat(health.exporters().get(0).exporter()).isEqualTo("prometheus");
      assertThat(health.faults().errors()).isEqualTo(3);
    }
  }

  @Test
  void countsWhatIsToldTooLate() {
    Bench bench = Bench.metricsOnly();
    DownstreamObservation connection = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = connection.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.end();
    attempt.responseStarted(200);
    attempt.cancel();
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.end();
    exchange.end();
    exchange.discard();
    exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.responseStarted(502);
    exchange.startAttempt(Bench.ORIGIN).end();
    connection.end();
    connection.end();
    connection.bytesRead(7);
    connection.startExchange(Request.GET).end();
    isLate(bench, Map.of("start", 2L, "response", 2L, "bytes", 1L, "end", 3L, "fail", 2L));
  }

  @Test
  void countsWhatIsToldTooLate_ofTunnelsAndConnections() {
    Bench bench = Bench.metricsOnly();
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    exchange.startTunnel(TunnelKind.CONNECT).end();
    tunnel.end();
    tunnel.end();
    tunnel.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    tunnel.bytesToUpstream(1);
    tunnel.bytesToDownstream(1);
    ConnectionObservation dial = bench.telemetry.startUpstreamConnection(Bench.ORIGIN);
    dial.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    dial.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    isLate(bench, Map.of("start", 1L, "response", 0L, "bytes", 2L, "end", 1L, "fail", 2L));
  }

  /** A host that ends an attempt also closes its channel, and the adapter sees the close. */
  @Test
  void isNotLate_whereAnEndedAttemptIsGivenUp() {
    Bench bench = Bench.metricsOnly();
    AttemptObservation attempt = bench.telemetry.startAttempt(Bench.ORIGIN);
    attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
    attempt.cancel();
    isLate(bench, Map.of("start", 0L, "response", 0L, "bytes", 0L, "end", 0L, "fail", 0L));
  }

  /** What ends with its connection was ended by us: that the host may not know. */
  @Test
  void isNotLate_whereEverythingEndsOnce() {
    Bench bench = Bench.metricsOnly();
    Traffic.drive(bench.telemetry);
    DownstreamObservation connection = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = connection.startExchange(Request.GET);
    TunnelObservation tunnel =
        connection.startExchange(Request.GET).startTunnel(TunnelKind.CONNECT);
    connection.end();
    exchange.responseStarted(200);
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    tunnel.bytesToDownstream(1);
    tunnel.end();
    isLate(bench, Map.of("start", 0L, "response", 0L, "bytes", 0L, "end", 0L, "fail", 0L));
  }

  /** Once a minute at most, and not for each call. */
  @Test
  void logsLateCallsAndOverflow_seldom() {
    Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND, Layers.all());
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    for (int i = 0; i <= 1000; i++) {
      bench.telemetry.startAttempt(Upstream.named("origin-" + i, "127.0.0.1", 80)).end();
    }
    exchange.end();
    exchange.end();
    exchange.end();

    List<String> lines = LogLines.of(bench.reader::collectAllMetrics);

    assertThat(lines)
        .containsExactlyInAnyOrder(
            "1 values were recorded as _OTHER: the host uses more routes, names of upstreams or"
                + " combinations of labels than the limits allow."
                + " privacy_proxy_telemetry_series_overflow_total counts them.",
            "2 calls came after their observation had ended, and were ignored: an adapter or the"
                + " host ends it too early, or twice."
                + " privacy_proxy_telemetry_late_calls_total counts them.");
    exchange.end();
    assertThat(LogLines.of(bench.reader::collectAllMetrics)).isEmpty();
  }

  @Test
  void countsErrors_whereNothingIsRecorded() {
    try (OtelProxyTelemetry telemetry = OtelProxyTelemetry.create(OpenTelemetry.noop())) {
      telemetry.swallowed(new IllegalStateException());
      assertThat(telemetry.faults().errors()).isEqualTo(1);
    }
  }

  /** With the same names as the exporters' own, in every naming. */
  @ParameterizedTest
  @EnumSource
  void isCalledAlikeInPrometheus(Naming naming) throws Exception {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .prometheus("127.0.0.1", 0)
            .recording(options -> options.naming(naming.naming()))
            .build()) {
      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      assertThat(scrape.text().lines().filter(line -> line.startsWith("# TYPE")))
          .filteredOn(line -> line.contains("telemetry_"))
          .containsExactlyInAnyOrderElementsOf(
              OWN.stream().map(own -> "# TYPE " + prefix(naming) + own).toList());
      assertThat(scrape.text())
          .contains(
              prefix(naming) + "telemetry_callback_errors_total{callback=\"propagate_to\"} 0.0\n")
          .contains(prefix(naming) + "telemetry_series_overflow_total{limit=\"names\"} 0.0\n")
          .contains(prefix(naming) + "telemetry_late_calls_total{call=\"end\"} 0.0\n");
    }
  }

  private static String prefix(Naming naming) {
    return switch (naming) {
      // What the others do not name is called as in the first.
      case PRIVACY_PROXY, KRAKEND, KRAKEND_OTEL, KRAKEND_OTEL_1_27, SEMCONV -> "privacy_proxy_";
      case UNPREFIXED -> "";
      case CUSTOM -> "acme_edge_";
    };
  }

  @Test
  void stopsWithTheTelemetry_whereTheOpenTelemetryIsTheHosts() {
    Bench bench = Bench.metricsOnly();
    bench.telemetry.close();
    assertThat(bench.reader.collectAllMetrics())
        .noneMatch(metric -> metric.getName().contains("telemetry_"));
  }

  private static void isLate(Bench bench, Map<String, Long> calls) {
    assertThat(bench.telemetry.faults().lateCalls()).isEqualTo(calls);
    assertThat(
            bench.metric("privacy_proxy_telemetry_late_calls_total").getLongSumData().getPoints())
        .hasSize(calls.size())
        .allSatisfy(
            point ->
                assertThat(point.getValue())
                    .isEqualTo(
                        calls.get(point.getAttributes().get(AttributeKey.stringKey("call")))));
  }
}
