package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.CONNECTIONS_TOTAL;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.TUNNEL_DURATION_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Ends of observations: each is counted once, in any order of calls and in races. */
abstract class EndCases extends BackendCases {
  private static final int RANDOM_RUNS = 2000;
  private static final int RANDOM_CALLS = 40;
  private static final int RACES = 200;

  private static final List<BiConsumer<DownstreamObservation, ExchangeObservation>> EXCHANGE_ENDS =
      List.of(
          (client, exchange) -> exchange.end(),
          (client, exchange) -> exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null),
          (client, exchange) -> exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null),
          (client, exchange) -> {
            exchange.requestEnd();
            exchange.responseEnd();
          },
          (client, exchange) -> exchange.startTunnel(TunnelKind.UPGRADE).end(),
          (client, exchange) -> client.end(),
          (client, exchange) -> client.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null));

  EndCases(ProxyTelemetryContract contract) {
    super(contract);
  }

  @Test
  void countsAnExchangeOnce_howeverOftenItEnds() {
    int exchanges = 0;
    for (var first : EXCHANGE_ENDS) {
      for (var second : EXCHANGE_ENDS) {
        DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
        ExchangeObservation exchange = client.startExchange(GET);
        first.accept(client, exchange);
        second.accept(client, exchange);
        exchange.discard();
        client.end();
        assertRequests(++exchanges);
      }
    }
    assertNothingActive("after every pair of ends");
    assertThat(total(CONNECTIONS_TOTAL)).isEqualTo(exchanges);
    assertThat(total(CONNECTIONS_DURATION_SECONDS)).isEqualTo(exchanges);
  }

  @Test
  void countsNothing_onceDiscarded() {
    for (var later : EXCHANGE_ENDS) {
      DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
      ExchangeObservation exchange = client.startExchange(GET);
      exchange.discard();
      later.accept(client, exchange);
      client.end();
      assertRequests(0);
    }
    assertNothingActive("after a discard");
  }

  @Test
  void countsAttemptsAndTunnelsOnce() {
    ExchangeObservation exchange = telemetry().startExchange(GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.responseEnd();
    attempt.cancel();
    attempt.end();
    attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    TunnelObservation tunnel = exchange.startTunnel(TunnelKind.CONNECT);
    tunnel.end();
    tunnel.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    tunnel.end();
    assertThat(total(ATTEMPTS_TOTAL)).isOne();
    assertThat(total(TUNNEL_DURATION_SECONDS)).isOne();
    assertNothingActive("after repeated ends");
  }

  @Test
  void endsWhatIsOpen_withItsConnection() {
    DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
    client.startExchange(GET);
    client.startExchange(GET).startTunnel(TunnelKind.CONNECT);
    ExchangeObservation answered = client.startExchange(GET);
    answered.responseStarted(200);
    answered.responseEnd();
    client.end();
    assertRequests(3);
    assertThat(total(TUNNEL_DURATION_SECONDS)).isOne();
    assertNothingActive("after the end of the connection");
  }

  @Test
  void goesBackToZero_afterAnyOrderOfCalls() {
    for (int seed = 1; seed <= RANDOM_RUNS; seed++) {
      RandomProxy proxy = new RandomProxy(telemetry(), seed);
      try {
        proxy.run(RANDOM_CALLS);
      } catch (RuntimeException thrown) {
        throw new AssertionError("a call threw in the sequence of seed " + seed, thrown);
      }
      assertNothingActive("after the sequence of seed " + seed);
    }
    assertThat(total(REQUESTS_BY_STATUS))
        .as("the sum of REQUESTS_BY_STATUS is REQUESTS_TOTAL")
        .isEqualTo(total(REQUESTS_TOTAL));
  }

  @Test
  void countsOnce_whenEndsRace() throws Exception {
    CyclicBarrier start = new CyclicBarrier(3);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int i = 0; i < RACES; i++) {
        DownstreamObservation client = telemetry().startDownstreamConnection(null, null);
        ExchangeObservation exchange = client.startExchange(GET);
        AttemptObservation attempt = exchange.startAttempt(ORIGIN);
        race(
            threads,
            start,
            () -> {
              attempt.end();
              exchange.end();
              client.end();
            },
            () -> {
              attempt.cancel();
              exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
              client.end();
            },
            () -> {
              client.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
              attempt.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
              exchange.end();
            });
      }
    } finally {
      threads.shutdownNow();
    }
    assertNothingActive("after races");
    assertRequests(RACES);
    assertThat(total(ATTEMPTS_TOTAL)).isEqualTo(RACES);
    assertThat(total(CONNECTIONS_DURATION_SECONDS)).isEqualTo(RACES);
  }

  private static void race(ExecutorService threads, CyclicBarrier start, Runnable... racers)
      throws InterruptedException, ExecutionException {
    List<Future<?>> running = new ArrayList<>();
    for (Runnable racer : racers) {
      running.add(
          threads.submit(
              () -> {
                start.await();
                racer.run();
                return null;
              }));
    }
    for (Future<?> future : running) {
      future.get();
    }
  }
}
