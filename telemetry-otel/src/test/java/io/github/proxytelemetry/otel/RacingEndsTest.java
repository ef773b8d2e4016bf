package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.PROXY_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.REQUEST_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static io.github.proxytelemetry.Instrument.UPSTREAM_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever comes first ends it, and the others do nothing. */
class RacingEndsTest {
  private static final int ROUNDS = 2000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsOnce_whereThreeThreadsEndIt(boolean layered) throws Exception {
    Bench bench =
        layered ? Bench.layered(MetricNaming.PRIVACY_PROXY, Layers.all()) : Bench.traced();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        race(bench, threads, round);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(bench.total(REQUESTS_TOTAL)).isEqualTo(ROUNDS);
    assertThat(bench.total(REQUESTS_BY_STATUS)).isEqualTo(ROUNDS);
    assertThat(bench.total(ATTEMPTS_TOTAL)).isEqualTo(ROUNDS);
    assertThat(bench.count(CONNECTIONS_DURATION_SECONDS)).isEqualTo(ROUNDS);
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.value(CONNECTIONS_ACTIVE)).isZero();
    assertThat(bench.total(TUNNELS_ACTIVE)).isZero();
    assertSpans(bench, SpanKind.SERVER, "GET", ROUNDS);
    assertSpans(bench, SpanKind.CLIENT, "GET", ROUNDS);
    int inLayers = layered ? ROUNDS : 0;
    assertSpans(bench, SpanKind.INTERNAL, "proxy", inLayers);
    assertSpans(bench, SpanKind.INTERNAL, "backend", inLayers);
    assertThat(bench.count(REQUEST_DURATION_SECONDS)).isEqualTo(inLayers);
    assertThat(bench.count(PROXY_DURATION_SECONDS)).isEqualTo(inLayers);
    assertThat(bench.count(UPSTREAM_DURATION_SECONDS)).isEqualTo(inLayers);
    assertThat(bench.total(UPSTREAM_REQUESTS_STARTED_TOTAL)).isEqualTo(inLayers);
    assertThat(bench.count(UPSTREAM_RESPONSE_LATENCY_SECONDS)).isLessThanOrEqualTo(inLayers);
  }

  private static void assertSpans(Bench bench, SpanKind kind, String name, int count) {
    assertThat(bench.spans.getFinishedSpanItems())
        .filteredOn(span -> span.getKind() == kind && span.getName().equals(name))
        .hasSize(count);
  }

  private static void race(Bench bench, ExecutorService threads, int round) throws Exception {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    exchange.requestEnd();
    CyclicBarrier start = new CyclicBarrier(3);
    List<Future<?>> ends = new ArrayList<>();
    ends.add(
        threads.submit(
            () -> {
              start.await();
              Headers stream = new Headers().with("Content-Type", "text/event-stream");
              attempt.responseStarted(200);
              exchange.responseStarted(200, stream, Headers.ACCESS);
              attempt.responseEnd();
              exchange.responseEnd();
              return null;
            }));
    ends.add(
        threads.submit(
            () -> {
              start.await();
              client.end();
              return null;
            }));
    ends.add(
        threads.submit(
            () -> {
              start.await();
              attempt.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
              if (round % 2 == 0) {
                exchange.fail(Side.UPSTREAM, ProxyError.HTTP_RESPONSE_TIMEOUT, null);
              } else {
                exchange.startTunnel(TunnelKind.UPGRADE);
              }
              return null;
            }));
    for (Future<?> end : ends) {
      end.get();
    }
  }
}
