package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Whoever comes first ends it, and the others do nothing. */
class RacingEndsTest {
  private static final int ROUNDS = 2000;

  private final Bench bench = Bench.traced();

  @Test
  void recordsOnce_whereThreeThreadsEndIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        race(threads, round);
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
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(2 * ROUNDS);
  }

  private void race(ExecutorService threads, int round) throws Exception {
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
              attempt.responseStarted(200);
              exchange.responseStarted(200);
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
