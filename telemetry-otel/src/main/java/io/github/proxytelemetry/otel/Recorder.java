package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.ServerTiming;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What every observation records into. */
final class Recorder {
  final Metrics metrics;
  final Tracing tracing;
  final @Nullable ServerTiming serverTiming;
  private final LongSupplier clock;
  private final ExchangeObservation skipped;

  Recorder(
      Metrics metrics, Tracing tracing, @Nullable ServerTiming serverTiming, LongSupplier clock) {
    this.metrics = metrics;
    this.tracing = tracing;
    this.serverTiming = serverTiming;
    this.clock = clock;
    this.skipped = new SkippedExchange(tracing.outbound);
  }

  /**
   * Nanoseconds on the scale of {@link System#nanoTime()}; the largest single cost of recording.
   */
  long now() {
    return clock.getAsLong();
  }

  ExchangeObservation startExchange(
      @Nullable Downstream connection, RequestInfo request, long receivedNanos) {
    if (tracing.policy().skips(request)) {
      return skipped;
    }
    int method = Labels.method(request.method());
    // Runs code of the host, so it comes before anything is counted that would have to be undone.
    SocketAddress peer = connection == null ? null : connection.peer();
    ExchangeTrace span = tracing.startExchange(request, method, receivedNanos, clock, peer);
    int place = metrics.inProgress(method, request);
    ExchangeLayers layers = ExchangeLayers.start(metrics.layers, method, request, receivedNanos);
    Exchange exchange = new Exchange(this, connection, method, place, layers, receivedNanos, span);
    metrics.add(REQUESTS_IN_PROGRESS, place, 1);
    if (connection != null && !connection.hold(exchange)) {
      exchange.connectionEnded();
    }
    return exchange;
  }
}
