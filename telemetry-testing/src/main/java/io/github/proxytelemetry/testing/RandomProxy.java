package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.testing.BackendCases.GET;
import static io.github.proxytelemetry.testing.BackendCases.ORIGIN;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random sequence of calls on random observations, reproducible by its seed. */
final class RandomProxy {
  private final ProxyTelemetry telemetry;
  private final Random random;
  private final List<DownstreamObservation> clients = new ArrayList<>();
  private final List<ConnectionObservation> dials = new ArrayList<>();
  private final List<ExchangeObservation> exchanges = new ArrayList<>();
  private final List<AttemptObservation> attempts = new ArrayList<>();
  private final List<TunnelObservation> tunnels = new ArrayList<>();
  // Observations that no end of a client connection ends: they have none, or were started on a
  // parent that may have ended already.
  private final List<Observation> orphans = new ArrayList<>();
  private final Set<Observation> perhapsOver = Collections.newSetFromMap(new IdentityHashMap<>());

  RandomProxy(ProxyTelemetry telemetry, long seed) {
    this.telemetry = telemetry;
    this.random = new Random(seed);
  }

  /** Makes up to a number of calls, and ends all connections and orphans. */
  void run(int calls) {
    startConnection();
    for (int i = random.nextInt(calls); i > 0; i--) {
      switch (random.nextInt(7)) {
        case 0 -> start();
        case 1, 2 -> startChild();
        case 3 -> connection(random.nextBoolean() ? pick(clients) : pick(dials));
        case 4 -> exchange(pick(exchanges));
        case 5 -> attempt(pick(attempts));
        default -> tunnel(pick(tunnels));
      }
    }
    dials.forEach(Observation::end);
    attempts.forEach(Observation::end);
    clients.forEach(Observation::end);
    orphans.forEach(Observation::end);
  }

  /** Starts one observation of each kind, so that pick() always finds one. */
  private void startConnection() {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    clients.add(client);
    ExchangeObservation exchange = client.startExchange(GET);
    exchanges.add(exchange);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempts.add(attempt);
    dials.add(attempt.startConnection());
    ExchangeObservation upgraded = client.startExchange(GET);
    perhapsOver.add(upgraded);
    tunnels.add(upgraded.startTunnel(TunnelKind.WEBSOCKET));
    exchanges.add(upgraded);
  }

  private void start() {
    switch (random.nextInt(4)) {
      case 0 -> startConnection();
      case 1 -> {
        ExchangeObservation exchange = telemetry.startExchange(GET);
        exchanges.add(exchange);
        orphans.add(exchange);
        perhapsOver.add(exchange);
      }
      case 2 -> attempts.add(telemetry.startAttempt(ORIGIN));
      default -> dials.add(telemetry.startUpstreamConnection(ORIGIN));
    }
  }

  private void startChild() {
    switch (random.nextInt(4)) {
      case 0 -> {
        DownstreamObservation client = pick(clients);
        ExchangeObservation exchange = client.startExchange(GET, System.nanoTime());
        exchanges.add(exchange);
        if (perhapsOver.contains(client)) {
          orphans.add(exchange);
          perhapsOver.add(exchange);
        }
      }
      case 1 -> {
        ExchangeObservation exchange = pick(exchanges);
        TunnelObservation tunnel = exchange.startTunnel(any(TunnelKind.values()));
        tunnels.add(tunnel);
        if (!perhapsOver.add(exchange)) {
          orphans.add(tunnel);
        }
      }
      case 2 -> attempts.add(pick(exchanges).startAttempt(ORIGIN));
      default -> dials.add(pick(attempts).startConnection());
    }
  }

  private void connection(ConnectionObservation connection) {
    switch (random.nextInt(5)) {
      case 0 -> connection.enter(any(ConnectionPhase.values()));
      case 1 -> connection.established();
      case 2 -> connection.bytesRead(random.nextInt(1000));
      case 3 -> connection.bytesWritten(random.nextInt(1000));
      default -> {
        end(connection);
        // Ends the exchanges of this connection too. Which ones is not tracked, so all count as
        // ended.
        perhapsOver.addAll(exchanges);
      }
    }
  }

  private void exchange(ExchangeObservation exchange) {
    switch (random.nextInt(13)) {
      case 0 -> exchange.route("/{id}");
      case 1 -> exchange.handlingStarted();
      case 2 -> exchange.requestBytes(random.nextInt(1000));
      case 3 -> exchange.requestEnd();
      case 4 -> exchange.informational(103);
      case 5, 6 -> exchange.responseStarted(100 + random.nextInt(500));
      case 7 -> exchange.responseBytes(random.nextInt(1000));
      case 8 -> exchange.responseEnd();
      case 9 -> exchange.note(any(Side.values()), any(ProxyError.values()), null);
      case 10 -> exchange.activate().close();
      case 11 -> exchange.discard();
      default -> end(exchange);
    }
    perhapsOver.add(exchange);
  }

  private void attempt(AttemptObservation attempt) {
    switch (random.nextInt(11)) {
      case 0 -> attempt.connectionAcquired(random.nextBoolean());
      case 1 -> attempt.requestStarted(GET);
      case 2 -> attempt.requestBytes(random.nextInt(1000));
      case 3 -> attempt.requestEnd();
      case 4 -> attempt.responseStarted(100 + random.nextInt(500));
      case 5 -> attempt.responseBytes(random.nextInt(1000));
      case 6 -> attempt.responseEnd();
      case 7 -> attempt.cancel();
      case 8 -> attempt.responseReceived(100 + random.nextInt(500), random.nextInt(1000));
      case 9 -> attempt.responseRestReceived(random.nextInt(1000));
      default -> end(attempt);
    }
  }

  private void tunnel(TunnelObservation tunnel) {
    switch (random.nextInt(4)) {
      case 0 -> tunnel.bytesToUpstream(random.nextInt(1000));
      case 1 -> tunnel.bytesToDownstream(random.nextInt(1000));
      case 2 -> tunnel.closedBy(any(Side.values()));
      default -> end(tunnel);
    }
  }

  private void end(Observation observation) {
    perhapsOver.add(observation);
    if (random.nextBoolean()) {
      observation.end();
    } else {
      observation.fail(any(Side.values()), any(ProxyError.values()), null);
    }
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private <T> T any(T[] of) {
    return of[random.nextInt(of.length)];
  }
}
