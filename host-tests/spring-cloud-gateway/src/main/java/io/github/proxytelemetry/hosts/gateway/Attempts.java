package io.github.proxytelemetry.hosts.gateway;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import java.util.concurrent.atomic.AtomicReference;

/** Attempts of one exchange; the first is started before the response. */
final class Attempts {
  private final ExchangeObservation exchange;
  private final Upstream upstream;
  private final AtomicReference<AttemptObservation> unused;

  Attempts(ExchangeObservation exchange, Upstream upstream) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.unused = new AtomicReference<>(exchange.startAttempt(upstream));
  }

  /** reactor-netty itself repeats a request whose pooled connection was closed. */
  AttemptObservation next() {
    AttemptObservation attempt = unused.getAndSet(null);
    return attempt == null ? exchange.startAttempt(upstream) : attempt;
  }

  void fail(Throwable failure) {
    exchange.note(Side.UPSTREAM, NettyTelemetry.classify(failure), failure);
    AttemptObservation attempt = unused.getAndSet(null);
    if (attempt != null) {
      attempt.fail(Side.UPSTREAM, NettyTelemetry.classify(failure), failure);
    }
  }

  void cancel() {
    AttemptObservation attempt = unused.getAndSet(null);
    if (attempt != null) {
      attempt.cancel();
    }
  }
}
