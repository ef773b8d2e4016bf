package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;

import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.ServerTiming;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What every observation records into. */
final class Recorder {
  final Metrics metrics;
  final Tracing tracing;
  final @Nullable ServerTiming serverTiming;
  private final LongSupplier clock;

  Recorder(
      Metrics metrics, Tracing tracing, @Nullable ServerTiming serverTiming, LongSupplier clock) {
    this.metrics = metrics;
    this.tracing = tracing;
    this.serverTiming = serverTiming;
    this.clock = clock;
  }

  /**
   * Nanoseconds on the scale of {@link System#nanoTime()}; the largest single cost of recording.
   */
  long now() {
    return clock.getAsLong();
  }

  Exchange startExchange(@Nullable Downstream connection, RequestInfo request, long receivedNanos) {
    int method = Labels.method(request.method());
    // Runs code of the host, so it comes before anything is counted that would have to be undone.
    ServerSpan span = tracing.startServerSpan(request, method, receivedNanos, clock);
    int place = Labels.inProgress(method, request.scheme());
    ExchangeLayers layers = ExchangeLayers.start(metrics.layers, method, request, receivedNanos);
    Exchange exchange = new Exchange(this, connection, method, place, layers, receivedNanos, span);
    metrics.add(REQUESTS_IN_PROGRESS, place, 1);
    if (connection != null && !connection.hold(exchange)) {
      exchange.connectionEnded();
    }
    return exchange;
  }
}
