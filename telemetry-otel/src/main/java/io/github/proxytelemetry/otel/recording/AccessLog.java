package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.tracing.ExchangeOutcome;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Log of exchanges, one line each, in the format logfmt. Of the request it has the method and the
 * host's own route, and nothing that the client chose. The lines are written by the thread that
 * ends the exchange.
 */
public final class AccessLog {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.access");

  /** As long as a route may be in a label. */
  private static final int MAX_ROUTE = 255;

  private static final long UNKNOWN = -1;

  private final double ratio;

  /**
   * Log of errors, and of a part of all else.
   *
   * @param ratio 0 for errors only, to 1 for all exchanges
   */
  public AccessLog(double ratio) {
    this.ratio = ratio;
  }

  /** The exchange ended, {@code now} unless its response has. */
  void ended(
      ExchangeOutcome outcome, ExchangeLayers layers, long now, ExchangeObservation exchange) {
    if (outcome.isError() || ThreadLocalRandom.current().nextDouble() < ratio) {
      if (LOGGER.isLoggable(System.Logger.Level.INFO)) {
        LOGGER.log(System.Logger.Level.INFO, line(outcome, layers, now, exchange.traceId()));
      }
    }
  }

  private static String line(
      ExchangeOutcome outcome, ExchangeLayers layers, long now, @Nullable String traceId) {
    StringBuilder line = new StringBuilder(256);
    line.append("method=").append(outcome.method());
    addRoute(line, outcome.route());
    if (LabelValues.isStatus(outcome.status())) {
      line.append(" status=").append(outcome.status());
    }
    addSeconds(line, "duration", layers.durationNanos(now, outcome.upgraded()));
    addSeconds(line, "queue", (long) outcome.queueNanos());
    addSeconds(line, "proxy", outcome.processingNanos());
    addSeconds(line, "upstream", layers.upstreamNanos(outcome.processingNanos()));
    if (outcome.upgraded()) {
      line.append(" tunnel=true");
    } else {
      line.append(" request_bytes=").append(layers.requestBytes());
      line.append(" response_bytes=").append(layers.responseBytes());
    }
    if (outcome.grpcStatus() > UNKNOWN) {
      line.append(" grpc_status=").append(outcome.grpcStatus());
    }
    if (outcome.error() != null && outcome.side() != null) {
      line.append(" error=").append(outcome.error().token());
      line.append(" side=").append(outcome.side().name().toLowerCase(Locale.ROOT));
    }
    if (traceId != null) {
      line.append(" trace_id=").append(traceId);
    }
    return line.toString();
  }

  /** A host may name a route after the request after all: it must not end the line. */
  private static void addRoute(StringBuilder line, @Nullable String route) {
    if (route == null) {
      return;
    }
    line.append(" route=\"");
    for (int i = 0; i < Math.min(route.length(), MAX_ROUTE); i++) {
      char c = route.charAt(i);
      boolean isPlain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      line.append(isPlain ? c : '?');
    }
    line.append('"');
  }

  /** To the microsecond, without a format and its locale. */
  private static void addSeconds(StringBuilder line, String name, long nanos) {
    if (nanos <= UNKNOWN) {
      return;
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    line.append(' ').append(name).append("_seconds=").append(micros / 1_000_000).append('.');
    // The leading 1 keeps the zeros after the point.
    line.append(1_000_000 + micros % 1_000_000);
    line.deleteCharAt(line.length() - 7);
  }
}
