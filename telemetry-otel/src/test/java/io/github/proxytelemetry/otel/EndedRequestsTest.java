package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is counted once is read as three metrics, each of them exact. */
class EndedRequestsTest {
  private static final int THREADS = 3;
  private static final int REQUESTS = 21_000;

  @Test
  void countsEachRequestOnce_andNoneTwice_whileMetricsAreRead() throws Exception {
    Bench bench = Bench.metricsOnly();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> hosts = new ArrayList<>();
      for (int host = 0; host < THREADS; host++) {
        hosts.add(threads.submit(() -> serve(bench)));
      }
      long before = 0;
      while (!hosts.stream().allMatch(Future::isDone)) {
        assertThat(bench.value(REQUESTS_IN_PROGRESS)).isNotNegative();
        long total = bench.total(REQUESTS_TOTAL);
        assertThat(total).isBetween(before, (long) THREADS * REQUESTS);
        before = total;
      }
      for (Future<?> host : hosts) {
        host.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "GET")).isEqualTo(THREADS * REQUESTS);
    assertThat(bench.total(REQUESTS_TOTAL)).isEqualTo(THREADS * REQUESTS);
    assertThat(bench.total(REQUESTS_BY_STATUS)).isEqualTo(THREADS * REQUESTS);
    for (String status : List.of("200", "404", "503")) {
      assertThat(bench.value(REQUESTS_BY_STATUS, "status", status))
          .isEqualTo(THREADS * REQUESTS / 3);
    }
  }

  /** A third of the requests ends before it is whole, which counts in another way. */
  private static void serve(Bench bench) {
    for (int i = 0; i < REQUESTS; i++) {
      ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
      switch (i % 3) {
        case 0 -> {
          exchange.requestEnd();
          exchange.responseStarted(200);
          exchange.responseEnd();
        }
        case 1 -> {
          exchange.responseStarted(404);
          exchange.responseEnd();
          exchange.requestEnd();
        }
        default -> {
          exchange.responseStarted(503);
          exchange.end();
        }
      }
    }
  }
}
