package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.PROCESSING_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Side;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How much of an exchange's time was its upstreams', whatever the attempts do. */
class UpstreamTimeTest {
  private static final int SEQUENCES = 3000;
  private static final int STEPS = 40;
  private static final int RACES = 2000;

  @Test
  void isTheUnionOfTheAttempts_inAnySequence() {
    Bench bench = Bench.metricsOnly();
    for (int seed = 1; seed <= SEQUENCES; seed++) {
      Random random = new Random(seed);
      ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
      List<Told> attempts = new ArrayList<>();
      int now = 0;
      for (int step = 0; step < STEPS; step++) {
        int passed = random.nextInt(3);
        bench.after(passed);
        now += passed;
        if (attempts.isEmpty() || random.nextInt(8) == 0) {
          attempts.add(new Told(exchange.startAttempt(Bench.ORIGIN)));
        } else {
          attempts.get(random.nextInt(attempts.size())).tell(random.nextInt(7), now);
        }
      }
      BitSet upstream = new BitSet();
      for (Told attempt : attempts) {
        attempt.mark(upstream, now);
      }
      Headers headers = new Headers();
      exchange.responseStarted(200, headers, Headers.ACCESS);
      assertThat(headers.all(ServerTiming.HEADER))
          .as("seed %s", seed)
          .containsExactly("proxy;dur=" + (now - upstream.cardinality()) + ".0");
      exchange.end();
    }
  }

  @Test
  void isWithinTheExchange_whereAttemptsRace() throws Exception {
    Bench bench = Bench.metricsOnly();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    CyclicBarrier start = new CyclicBarrier(3);
    try {
      for (int round = 0; round < RACES; round++) {
        ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
        AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
        AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
        first.requestStarted(Request.GET);
        long before = bench.clock.get();
        Headers headers = new Headers();
        List<Future<?>> racers = new ArrayList<>();
        racers.add(threads.submit(() -> race(bench, start, first)));
        racers.add(threads.submit(() -> race(bench, start, second)));
        racers.add(
            threads.submit(
                () -> {
                  start.await();
                  AttemptObservation third = exchange.startAttempt(Bench.ORIGIN);
                  bench.after(1);
                  exchange.responseStarted(200, headers, Headers.ACCESS);
                  third.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
                  exchange.requestEnd();
                  exchange.responseEnd();
                  return null;
                }));
        for (Future<?> racer : racers) {
          racer.get();
        }
        double most = (bench.clock.get() - before) / (double) Bench.MS;
        String value = headers.all(ServerTiming.HEADER).get(0);
        assertThat(ServerTiming.parse(value).get(0).duration()).isBetween(0.0, most);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(bench.count(PROCESSING_DURATION_SECONDS)).isEqualTo(RACES);
    assertThat(bench.total(ATTEMPTS_TOTAL)).isEqualTo(3 * RACES);
    assertThat(bench.value(REQUESTS_IN_PROGRESS)).isZero();
  }

  private static Void race(Bench bench, CyclicBarrier start, AttemptObservation attempt)
      throws Exception {
    start.await();
    attempt.requestStarted(Request.GET);
    bench.after(1);
    attempt.responseStarted(503);
    bench.after(1);
    attempt.responseBytes(1);
    attempt.responseEnd();
    attempt.cancel();
    return null;
  }

  /** An attempt, and in milliseconds what is expected of it. */
  private static final class Told {
    private final AttemptObservation attempt;
    private int since = -1;
    private int last = -1;
    private boolean over;

    Told(AttemptObservation attempt) {
      this.attempt = attempt;
    }

    void tell(int what, int now) {
      boolean waiting = since >= 0 && last < 0;
      switch (what) {
        case 0 -> {
          attempt.requestStarted(Request.GET);
          begin(now);
        }
        case 1 -> {
          attempt.connectionAcquired(false);
          begin(now);
        }
        case 2 -> {
          attempt.responseStarted(200);
          begin(now);
          if (!over && last < 0) {
            last = now;
          }
        }
        case 3 -> {
          attempt.responseBytes(1);
          if (!over && last >= 0) {
            last = now;
          }
        }
        case 4 -> {
          attempt.cancel();
          end(now, waiting);
        }
        case 5 -> {
          attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
          end(now, since >= 0);
        }
        default -> {
          attempt.connectionAcquired(true);
          attempt.inject(new Headers(), Headers.ACCESS);
        }
      }
    }

    void mark(BitSet upstream, int now) {
      if (since >= 0) {
        upstream.set(since, over || last >= 0 ? last : now);
      }
    }

    private void begin(int now) {
      if (!over && since < 0) {
        since = now;
      }
    }

    private void end(int now, boolean byUpstream) {
      if (!over && byUpstream) {
        last = now;
      }
      over = true;
    }
  }
}
