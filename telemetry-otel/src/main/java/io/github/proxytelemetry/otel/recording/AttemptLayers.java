package io.github.proxytelemetry.otel.recording;

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
import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUEST_SIZE_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSES_WITHOUT_LENGTH_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS;
import static io.github.proxytelemetry.Instrument.UPSTREAM_RESPONSE_LENGTH_BYTES;
import static io.github.proxytelemetry.Instrument.UPSTREAM_TLS_DURATION_SECONDS;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.opentelemetry.context.Context;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Metrics of the layer {@code backend} for one attempt. */
final class AttemptLayers {
  /** The conventions: on a client, every status from 400 on is an error. */
  private static final int FIRST_ERROR_STATUS = 400;

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String CONTENT_LENGTH = "Content-Length";

  private final Metrics metrics;
  private final @Nullable Exchange exchange;
  private final long upstream;
  private final long startNanos;
  private long request;
  private long answer = PackedLabels.status(LabelValues.NONE);
  private @Nullable String template;
  private long headNanos;
  private long sentBytes;
  private long readBytes;
  private @Nullable LongAdder read;
  private boolean counted;
  private boolean timed;
  private boolean acquired;
  private boolean answered;
  private boolean stream;

  /** Returns {@code null} where nothing of the layer is measured. */
  static @Nullable AttemptLayers start(
      Metrics metrics, @Nullable Exchange exchange, int upstreamNumber, int method, long now) {
    return metrics.measuresAttempts
        ? new AttemptLayers(metrics, exchange, PackedLabels.upstream(upstreamNumber), method, now)
        : null;
  }

  private AttemptLayers(
      Metrics metrics, @Nullable Exchange exchange, long upstream, int method, long startNanos) {
    this.metrics = metrics;
    this.exchange = exchange;
    this.upstream = upstream;
    this.request = PackedLabels.method(method) | PackedLabels.scheme(null);
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

  /** A phase of a connection that is dialled for this attempt ended. */
  void phaseEnded(ConnectionPhase phase, long nanos) {
    if (phase == ConnectionPhase.DNS_LOOKUP) {
      metrics.record(UPSTREAM_DNS_DURATION_SECONDS, labels(), nanos);
    } else if (phase == ConnectionPhase.TLS_HANDSHAKE) {
      metrics.record(UPSTREAM_TLS_DURATION_SECONDS, labels(), nanos);
    }
  }

  void requestStarted(RequestInfo info) {
    request = metrics.request(metrics.methods.number(info.method()), info);
    countStart();
    if (metrics.has(Group.ROUND_TRIP)) {
      long length = Streams.length(info.header(CONTENT_LENGTH));
      if (length >= 0) {
        metrics.add(UPSTREAM_REQUEST_LENGTH_BYTES_TOTAL, labels(), length);
      }
    }
  }

  void requestBytes(long count) {
    sentBytes += count;
  }

  /** As in {@link LabelValues#protocol}. */
  void protocol(int version) {
    request = PackedLabels.withProtocol(request, version);
  }

  <C> void responseStarted(
      long now, int status, boolean grpc, C headers, HeaderAccess<C> access, Context exemplar) {
    boolean tunnel = status == SWITCHING_PROTOCOLS;
    answered = !tunnel;
    headNanos = now;
    answer = PackedLabels.status(LabelValues.status(status));
    long labels = labels();
    recordLatency(labels, now, exemplar);
    stream = tunnel || (metrics.has(Group.BACKEND) && (grpc || Streams.isEvents(headers, access)));
    if (metrics.has(Group.ROUND_TRIP)) {
      long length = Streams.length(access.get(headers, CONTENT_LENGTH));
      if (length >= 0) {
        metrics.record(UPSTREAM_RESPONSE_LENGTH_BYTES, labels, length, exemplar);
      } else {
        metrics.add(UPSTREAM_RESPONSES_WITHOUT_LENGTH_TOTAL, labels, 1);
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

  /** The attempt ended; {@code outcome} is one of {@link LabelValues}. */
  void finished(long now, int outcome, int status, @Nullable ProxyError error, Context exemplar) {
    boolean sent = !countStart();
    boolean failed = outcome == LabelValues.FAILED || outcome == LabelValues.TIMEOUT;
    long labels = labels() | PackedLabels.result(false, false, failed);
    switch (outcome) {
      case LabelValues.CANCELED -> metrics.add(UPSTREAM_REQUESTS_CANCELED_TOTAL, labels, 1);
      case LabelValues.TIMEOUT -> {
        metrics.add(UPSTREAM_REQUESTS_FAILED_TOTAL, labels, 1);
        metrics.add(UPSTREAM_REQUESTS_TIMEDOUT_TOTAL, labels, 1);
      }
      case LabelValues.FAILED -> metrics.add(UPSTREAM_REQUESTS_FAILED_TOTAL, labels, 1);
      default -> {}
    }
    if (metrics.timesUnanswered) {
      recordLatency(labels, now, exemplar);
    }
    boolean bad = failed || status >= FIRST_ERROR_STATUS;
    boolean canceled = outcome == LabelValues.CANCELED;
    long all =
        labels
            | PackedLabels.result(!bad && !canceled, canceled, bad)
            | PackedLabels.error(LabelValues.errorType(error, status, FIRST_ERROR_STATUS));
    metrics.record(
        UPSTREAM_DURATION_SECONDS, all, (stream ? headNanos : now) - startNanos, exemplar);
    if (sent) {
      metrics.record(UPSTREAM_REQUEST_SIZE_BYTES, all, sentBytes, exemplar);
    }
    if (answered) {
      metrics.record(UPSTREAM_READ_SIZE_BYTES, labels, readBytes, exemplar);
      metrics.add(UPSTREAM_READ_SECONDS_TOTAL, labels, now - headNanos);
      metrics.record(UPSTREAM_READ_DURATION_SECONDS, labels, now - headNanos, exemplar);
      // A gRPC response that says an error was read all the same.
      if (failed && error != ProxyError.GRPC_ERROR) {
        metrics.add(UPSTREAM_READ_ERRORS_TOTAL, labels, 1);
      }
    }
  }

  /**
   * Counted once, at the latest at the end: so no more requests fail than were started.
   *
   * @return whether it was not counted before
   */
  private boolean countStart() {
    boolean first = isFirst();
    if (first) {
      metrics.add(UPSTREAM_REQUESTS_STARTED_TOTAL, labels(), 1);
    }
    return first;
  }

  /** Recorded once: at the response head, or at an end without one. */
  private void recordLatency(long labels, long now, Context exemplar) {
    if (isFirstLatency()) {
      metrics.record(UPSTREAM_RESPONSE_LATENCY_SECONDS, labels, now - startNanos, exemplar);
    }
  }

  /** A response head may race the end of its attempt. */
  private synchronized boolean isFirstLatency() {
    boolean first = !timed;
    timed = true;
    return first;
  }

  /** A request may race its own cancellation. */
  private synchronized boolean isFirst() {
    boolean first = !counted;
    counted = true;
    return first;
  }

  private long labels() {
    String route = exchange == null ? null : exchange.route;
    // The upstream's route is the exchange's, unless the host gives another one.
    return request
        | answer
        | upstream
        | PackedLabels.downstreamMethod(exchange == null ? -1 : Metrics.method(exchange.labels))
        | metrics.labels.route(route)
        | metrics.labels.upstreamRoute(template == null ? route : template);
  }
}
