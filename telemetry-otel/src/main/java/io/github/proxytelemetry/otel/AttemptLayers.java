package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.UPSTREAM_ACQUIRE_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_DNS_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_DURATION_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_ERRORS_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_SECONDS_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_READ_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_CANCELED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_FAILED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_TIMEDOUT_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LENGTH_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_TLS_DURATION_SECONDS;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What the layer {@code backend} measures of an attempt; there is none where nothing of it is
 * measured.
 */
final class AttemptLayers {
  /** For a client the conventions hold every status from 400 on to be an error. */
  private static final int FIRST_ERROR_STATUS = 400;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String CONTENT_LENGTH = "Content-Length";

  private final LayerMetrics metrics;
  private final @Nullable Exchange exchange;
  private final long upstream;
  private final long startNanos;
  private long request;
  private @Nullable String template;
  private long headNanos;
  private long readBytes;
  private @Nullable LongAdder read;
  private boolean counted;
  private boolean acquired;
  private boolean answered;
  private boolean stream;

  static @Nullable AttemptLayers start(
      Recorder recorder, @Nullable Exchange exchange, @Nullable Upstream upstream, int method) {
    LayerMetrics metrics = recorder.metrics.layers;
    if (!metrics.measuresAttempts()) {
      return null;
    }
    long labels = metrics.labels.upstream(upstream);
    return new AttemptLayers(metrics, exchange, labels, method, recorder.now());
  }

  private AttemptLayers(
      LayerMetrics metrics,
      @Nullable Exchange exchange,
      long upstream,
      int method,
      long startNanos) {
    this.metrics = metrics;
    this.exchange = exchange;
    this.upstream = upstream;
    this.request = LabelSet.method(method) | LabelSet.scheme(null);
    this.startNanos = startNanos;
  }

  void route(@Nullable String template) {
    this.template = template;
  }

  void connectionAcquired(long now) {
    if (!acquired) {
      acquired = true;
      metrics.record(UPSTREAM_ACQUIRE_DURATION_SECONDS, labels(), now - startNanos);
    }
  }

  /** A phase of a connection that is dialled for this attempt is over. */
  void phaseEnded(ConnectionPhase phase, long nanos) {
    if (phase == ConnectionPhase.DNS_LOOKUP) {
      metrics.record(UPSTREAM_DNS_DURATION_SECONDS, labels(), nanos);
    } else if (phase == ConnectionPhase.TLS_HANDSHAKE) {
      metrics.record(UPSTREAM_TLS_DURATION_SECONDS, labels(), nanos);
    }
  }

  void requestStarted(RequestInfo info) {
    request = metrics.request(Labels.method(info.method()), info);
    countStart();
    if (metrics.has(Group.ROUND_TRIP)) {
      long length = Streams.length(info.header(CONTENT_LENGTH));
      if (length >= 0) {
        metrics.add(UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL, labels(), length);
      }
    }
  }

  <C> void responseStarted(long now, int status, C headers, HeaderAccess<C> access) {
    boolean tunnel = status == SWITCHING_PROTOCOLS;
    answered = !tunnel;
    headNanos = now;
    stream = tunnel || (metrics.has(Group.BACKEND) && Streams.isStream(headers, access));
    metrics.record(UPSTREAM_RESPONSE_LATENCY_SECONDS, labels(), now - startNanos);
    if (metrics.has(Group.ROUND_TRIP)) {
      long length = Streams.length(access.get(headers, CONTENT_LENGTH));
      if (length >= 0) {
        metrics.record(UPSTREAM_RESPONSE_LENGTH_BYTES, labels(), length);
      }
    }
  }

  void responseBytes(long count) {
    readBytes += count;
    if (read == null) {
      read = metrics.sum(UPSTREAM_READ_BYTES_TOTAL, labels());
    }
    if (read != null) {
      read.add(count);
    }
  }

  /** It is over; {@code outcome} is one of {@link Labels}. */
  void finished(long now, int outcome, int status, @Nullable ProxyError error) {
    countStart();
    long labels = labels();
    switch (outcome) {
      case Labels.CANCELED -> metrics.add(UPSTREAM_REQUESTS_CANCELED_TOTAL, labels, 1);
      case Labels.TIMEOUT -> {
        metrics.add(UPSTREAM_REQUESTS_FAILED_TOTAL, labels, 1);
        metrics.add(UPSTREAM_REQUESTS_TIMEDOUT_TOTAL, labels, 1);
      }
      case Labels.FAILED -> metrics.add(UPSTREAM_REQUESTS_FAILED_TOTAL, labels, 1);
      default -> {}
    }
    long all =
        labels
            | LabelSet.status(Labels.status(status))
            | LabelSet.error(Labels.errorType(error, status, FIRST_ERROR_STATUS));
    metrics.record(UPSTREAM_DURATION_SECONDS, all, (stream ? headNanos : now) - startNanos);
    if (answered) {
      metrics.record(UPSTREAM_READ_SIZE_BYTES, labels, readBytes);
      metrics.add(UPSTREAM_READ_SECONDS_TOTAL, labels, now - headNanos);
      metrics.record(UPSTREAM_READ_DURATION_SECONDS, labels, now - headNanos);
      if (outcome == Labels.FAILED || outcome == Labels.TIMEOUT) {
        metrics.add(UPSTREAM_READ_ERRORS_TOTAL, labels, 1);
      }
    }
  }

  /** Once, and at the latest at the end, so that no more requests fail than began. */
  private void countStart() {
    if (isFirst()) {
      metrics.add(UPSTREAM_REQUESTS_STARTED_TOTAL, labels(), 1);
    }
  }

  /** A request may race its own cancellation. */
  private synchronized boolean isFirst() {
    boolean first = !counted;
    counted = true;
    return first;
  }

  private long labels() {
    String route = exchange == null ? null : exchange.route();
    // What is asked of an upstream is what was asked of the proxy, unless the host says otherwise.
    return request
        | upstream
        | metrics.labels.route(route)
        | metrics.labels.upstreamRoute(template == null ? route : template);
  }
}
