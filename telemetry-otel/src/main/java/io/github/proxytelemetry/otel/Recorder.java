package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;

import io.github.proxytelemetry.CircuitBreaker;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.ServerTiming;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What every observation records into. */
final class Recorder {
  private static final ProxyTelemetry OFF = ProxyTelemetry.noop();

  final Metrics metrics;
  final Tracing tracing;
  final @Nullable ServerTiming serverTiming;
  final Counts<LateUse> lateUses;
  private final LongSupplier clock;
  private final ExchangeObservation skipped;
  private final CircuitBreaker breaker;

  Recorder(
      Metrics metrics,
      Tracing tracing,
      @Nullable ServerTiming serverTiming,
      LongSupplier clock,
      Counts<LateUse> lateUses,
      CircuitBreaker breaker) {
    this.breaker = breaker;
    this.lateUses = lateUses;
    this.metrics = metrics;
    this.tracing = tracing;
    this.serverTiming = serverTiming;
    this.clock = clock;
    this.skipped = new SkippedExchange(this);
  }

  /** Counts what was thrown in here and kept away from the host. */
  void failed(Throwable thrown) {
    breaker.failed(thrown);
  }

  /**
   * Nanoseconds on the scale of {@link System#nanoTime()}; the largest single cost of recording. It
   * is never 0, which stands for "not yet".
   */
  long now() {
    long now = clock.getAsLong();
    return now == 0 ? 1 : now;
  }

  ExchangeObservation startExchange(
      @Nullable Downstream connection, RequestInfo request, long receivedNanos) {
    if (breaker.isOpen()) {
      return OFF.startExchange(request);
    }
    try {
      return start(connection, request, receivedNanos);
    } catch (Throwable thrown) {
      breaker.failed(thrown);
      return OFF.startExchange(request);
    }
  }

  private ExchangeObservation start(
      @Nullable Downstream connection, RequestInfo request, long receivedNanos) {
    if (tracing.policy().skips(request)) {
      return skipped;
    }
    int method = Labels.method(request.method());
    // Runs code of the host, so it comes before anything is counted that would have to be undone.
    SocketAddress peer = connection == null ? null : connection.peer();
    // Asked here, because the compiler then leaves out the view of a request that is not traced.
    ExchangeTrace span =
        tracing.isOn() ? tracing.startExchange(request, method, receivedNanos, clock, peer) : null;
    int place = metrics.inProgress(method, request);
    ExchangeLayers layers = ExchangeLayers.start(metrics.layers, method, request, receivedNanos);
    Exchange exchange = new SafeExchange(this, connection, place, layers, receivedNanos, span);
    metrics.add(REQUESTS_IN_PROGRESS, place, 1);
    if (connection != null && !connection.hold(exchange)) {
      lateUses.add(LateUse.START);
      exchange.connectionEnded();
    }
    return exchange;
  }
}
