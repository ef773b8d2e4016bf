package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.PROXY_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUEST_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUEST_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.RESPONSE_SIZE_BYTES;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Times and sizes of one exchange, for the metrics of the layers {@code global} and {@code proxy},
 * and for the access log.
 *
 * <p>A stream has a latency, which is known at its response head. Its lifetime says nothing about
 * the proxy, and is in no duration.
 */
final class ExchangeLayers {
  /** The conventions: on a server, a client error is no error. */
  private static final int FIRST_ERROR_STATUS = 500;

  private final Metrics metrics;
  private final long request;
  private final long receivedNanos;
  private long handledNanos;
  private long headNanos;
  private long endNanos;
  private long requestBytes;
  private long responseBytes;
  private boolean timed;

  ExchangeLayers(Metrics metrics, int method, RequestInfo request, long receivedNanos) {
    this.metrics = metrics;
    this.request = metrics.request(method, request);
    this.receivedNanos = receivedNanos;
    this.handledNanos = receivedNanos;
  }

  void handlingStarted(long now) {
    handledNanos = now;
  }

  void requestBytes(long count) {
    requestBytes += Math.max(0, count);
  }

  void responseBytes(long count) {
    responseBytes += Math.max(0, count);
  }

  void responseStarted(
      long now, int status, @Nullable String route, boolean stream, Context exemplar) {
    headNanos = now;
    if (stream && metrics.measuresExchanges) {
      boolean failed = status >= FIRST_ERROR_STATUS;
      recordTimes(
          labels(status, false, null, route) | PackedLabels.result(!failed, false, failed),
          now,
          exemplar);
    }
  }

  void responseEnded(long now) {
    endNanos = now;
  }

  /**
   * The exchange ended, {@code now} unless its response has; {@code aborted} is a client that left
   * before there was a status.
   */
  void finished(
      long now,
      int status,
      boolean aborted,
      boolean tunnelled,
      @Nullable ProxyError error,
      boolean complete,
      @Nullable String route,
      Context exemplar) {
    if (!metrics.measuresExchanges) {
      return;
    }
    boolean canceled = error == ProxyError.CLIENT_ABORT;
    boolean failed = error != null || status >= FIRST_ERROR_STATUS;
    long labels =
        labels(status, aborted, error, route) | PackedLabels.result(complete, canceled, failed);
    recordTimes(labels, end(now, tunnelled), exemplar);
    if (!tunnelled) {
      metrics.record(REQUEST_SIZE_BYTES, labels, requestBytes, exemplar);
      if (status != 0) {
        metrics.record(RESPONSE_SIZE_BYTES, labels, responseBytes, exemplar);
      }
    }
  }

  /** Time until the end, or until the exchange became a tunnel. */
  long durationNanos(long now, boolean tunnelled) {
    return Math.max(0, end(now, tunnelled) - receivedNanos);
  }

  /** Time until the response head that was not the proxy's own, negative where that is unknown. */
  long upstreamNanos(long processingNanos) {
    boolean known = headNanos != 0 && processingNanos >= 0;
    return known ? Math.max(0, headNanos - receivedNanos - processingNanos) : -1;
  }

  long requestBytes() {
    return requestBytes;
  }

  long responseBytes() {
    return responseBytes;
  }

  private long end(long now, boolean tunnelled) {
    if (tunnelled && headNanos != 0) {
      return headNanos;
    }
    return endNanos == 0 ? now : endNanos;
  }

  private void recordTimes(long labels, long endNanos, Context exemplar) {
    if (isFirst()) {
      metrics.record(REQUEST_DURATION_SECONDS, labels, endNanos - receivedNanos, exemplar);
      metrics.record(PROXY_DURATION_SECONDS, labels, endNanos - handledNanos, exemplar);
    }
  }

  /** The response head may race the end, where the client's connection breaks. */
  private synchronized boolean isFirst() {
    boolean first = !timed;
    timed = true;
    return first;
  }

  private long labels(
      int status, boolean aborted, @Nullable ProxyError error, @Nullable String route) {
    return request
        | PackedLabels.status(aborted ? LabelValues.ABORTED : LabelValues.status(status))
        | PackedLabels.error(LabelValues.errorType(error, status, FIRST_ERROR_STATUS))
        | metrics.labels.route(route);
  }
}
