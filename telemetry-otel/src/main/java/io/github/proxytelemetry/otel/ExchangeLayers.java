package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.PROXY_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUEST_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.REQUEST_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.RESPONSE_SIZE_BYTES;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the layers {@code global} and {@code proxy} measure of an exchange; there is none where
 * neither is measured.
 *
 * <p>A stream has a latency, which is known at its head. How long it lasts says nothing about the
 * proxy, so it is in no duration.
 */
final class ExchangeLayers {
  /** For a server the conventions hold what the client did wrong to be no error. */
  private static final int FIRST_ERROR_STATUS = 500;

  private final LayerMetrics metrics;
  private final long request;
  private final long receivedNanos;
  private long handledNanos;
  private long headNanos;
  private long requestBytes;
  private long responseBytes;
  private boolean timed;

  static @Nullable ExchangeLayers start(
      LayerMetrics metrics, int method, RequestInfo request, long receivedNanos) {
    if (!metrics.measuresExchanges()) {
      return null;
    }
    long labels = metrics.request(method, request);
    return new ExchangeLayers(metrics, labels, receivedNanos);
  }

  private ExchangeLayers(LayerMetrics metrics, long request, long receivedNanos) {
    this.metrics = metrics;
    this.request = request;
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

  <C> void responseStarted(
      long now, int status, @Nullable String route, C headers, HeaderAccess<C> access) {
    headNanos = now;
    if (Streams.isStream(headers, access)) {
      recordTimes(labels(status, false, null, route), now);
    }
  }

  /** It is over, and how; {@code aborted} is for a client that left before it saw a status. */
  void finished(
      long now,
      int status,
      boolean aborted,
      boolean tunnelled,
      @Nullable ProxyError error,
      @Nullable String route) {
    long labels = labels(status, aborted, error, route);
    recordTimes(labels, tunnelled && headNanos != 0 ? headNanos : now);
    if (!tunnelled) {
      metrics.record(REQUEST_SIZE_BYTES, labels, requestBytes);
      if (status != 0) {
        metrics.record(RESPONSE_SIZE_BYTES, labels, responseBytes);
      }
    }
  }

  private void recordTimes(long labels, long endNanos) {
    if (isFirst()) {
      metrics.record(REQUEST_DURATION_SECONDS, labels, endNanos - receivedNanos);
      metrics.record(PROXY_DURATION_SECONDS, labels, endNanos - handledNanos);
    }
  }

  /** A head may race the end, where a client's connection breaks. */
  private synchronized boolean isFirst() {
    boolean first = !timed;
    timed = true;
    return first;
  }

  private long labels(
      int status, boolean aborted, @Nullable ProxyError error, @Nullable String route) {
    return request
        | LabelSet.status(aborted ? Labels.ABORTED : Labels.status(status))
        | LabelSet.error(Labels.errorType(error, status, FIRST_ERROR_STATUS))
        | metrics.labels.route(route);
  }
}
