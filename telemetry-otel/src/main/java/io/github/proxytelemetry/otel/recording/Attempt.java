package io.github.proxytelemetry.otel.recording;

import static io.github.proxytelemetry.Instrument.ATTEMPTS_TOTAL;
import static io.github.proxytelemetry.Instrument.BYTES_RECEIVED_TOTAL;
import static io.github.proxytelemetry.Instrument.FIRST_BYTE_LATENCY_SECONDS;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.PackedLabels;
import io.github.proxytelemetry.otel.tracing.AttemptSpans;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.github.proxytelemetry.otel.tracing.Outbound;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * One upstream attempt, of an exchange or of the host itself. {@link SafeAttempt} is what the host
 * gets.
 */
abstract class Attempt extends AttemptProgress implements AttemptObservation {
  final Exchange exchange;

  /** The number of the upstream's name, of which there are at most a thousand. */
  private final short upstream;

  final @Nullable AttemptTrace trace;
  final @Nullable AttemptLayers layers;

  Attempt(
      Exchange exchange,
      Upstream upstream,
      int number,
      @Nullable AttemptTrace trace,
      @Nullable AttemptLayers layers) {
    super(exchange.recorder.tracing.outbound.reaches(upstream));
    this.exchange = exchange;
    this.upstream = (short) number;
    this.trace = trace;
    this.layers = layers;
  }

  @Override
  public ConnectionObservation startConnection() {
    startWork();
    AttemptSpans spans = spans();
    return layers == null && spans == null
        ? new Connection(exchange.recorder, upstream)
        : new AttemptConnection(exchange.recorder, upstream, layers, spans);
  }

  @Override
  public void connectionAcquired(boolean reused) {
    if (!reused) {
      // Connecting counts as upstream time; taking a pooled connection does not.
      startWork();
    }
    AttemptSpans spans = spans();
    if ((layers == null && spans == null) || isOver()) {
      return;
    }
    long now = exchange.recorder.now();
    if (layers != null) {
      layers.connectionAcquired(now);
    }
    if (spans != null) {
      spans.connectionAcquired(now, reused);
    }
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    Outbound outbound = exchange.recorder.tracing.outbound;
    outbound.strip(headers, access);
    if (!hasContext()) {
      return;
    }
    if (trace != null) {
      trace.inject(outbound, headers, access);
      return;
    }
    ExchangeTrace parent = exchange.trace();
    if (parent != null) {
      parent.injectAttempt(outbound, headers, access);
    }
  }

  @Override
  public void route(String template) {
    if (layers != null) {
      layers.route(template);
    }
    if (trace != null) {
      trace.route(template);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    if (isSent() || isOver()) {
      return;
    }
    long now = exchange.recorder.now();
    requestSent(now);
    if (layers != null) {
      layers.requestStarted(request);
    }
    if (trace != null) {
      trace.requestStarted(request, exchange.recorder.metrics.methods);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (LabelValues.isInterim(status)) {
      return;
    }
    if (isOver()) {
      exchange.recorder.late(LateCall.RESPONSE);
    } else if (!hasLastEvent()) {
      answered(exchange.recorder.now(), status, headers, access);
    }
  }

  @Override
  public void responseBytes(long count) {
    if (count <= 0 || isOver()) {
      return;
    }
    if (hasLastEvent() && isTimed()) {
      lastEvent(exchange.recorder.now());
    }
    countReceived(count);
  }

  @Override
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    if (isOver()) {
      exchange.recorder.late(LateCall.RESPONSE);
      return;
    }
    long now = exchange.recorder.now();
    if (!hasLastEvent() && !LabelValues.isInterim(status)) {
      answered(now, status, headers, access);
    }
    if (count > 0) {
      countReceived(count);
    }
    complete(now);
  }

  @Override
  public void responseRestReceived(long count) {
    if (count > 0 && !isOver()) {
      countReceived(count);
    }
    // Who measures how long the payload takes gets its own time.
    complete(layers == null && trace == null ? lastNanos() : 0);
  }

  /** The context to inject; {@code null} where nothing is traced. */
  final @Nullable Context context() {
    if (trace != null) {
      return trace.context();
    }
    ExchangeTrace parent = exchange.trace();
    return parent == null ? null : parent.attemptContext();
  }

  @Override
  final long upstream() {
    return PackedLabels.upstream(upstream);
  }

  private @Nullable AttemptSpans spans() {
    return trace == null ? null : trace.layers();
  }

  private Context exemplar() {
    return Exemplars.of(exchange.recorder.metrics, trace);
  }

  private void startWork() {
    if (!isWorking() && !isOver()) {
      workStarted(exchange.recorder.now());
    }
  }

  private <C> void answered(long now, int status, C headers, HeaderAccess<C> access) {
    long requestNanos = requestNanos();
    answered(now, status);
    // After a 101, first-byte latency is recorded by the tunnel.
    if (requestNanos != 0 && status != LabelValues.SWITCHING_PROTOCOLS) {
      exchange.recorder.metrics.record(
          FIRST_BYTE_LATENCY_SECONDS, upstream(), now - requestNanos, exemplar());
    }
    if (exchange.isPost()) {
      readGrpc(headers, access);
    }
    try {
      if (layers != null) {
        boolean isGrpc = grpc() != GrpcStatus.NOT_GRPC;
        layers.responseStarted(now, status, isGrpc, headers, access, exemplar());
      }
      AttemptSpans spans = spans();
      if (spans != null) {
        spans.responseStarted(now);
      }
    } catch (Throwable thrown) {
      // The bytes and the end that come with the headers are recorded, even if those are
      // unreadable.
      exchange.recorder.failed(thrown);
    }
  }

  /** What else is known of the response is recorded, even if its headers are unreadable. */
  private <C> void readGrpc(C headers, HeaderAccess<C> access) {
    try {
      grpc(GrpcStatus.ofHead(headers, access));
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }

  private void countReceived(long count) {
    exchange.recorder.metrics.add(BYTES_RECEIVED_TOTAL, 0, count);
    if (layers != null) {
      layers.responseBytes(count);
    }
    AttemptSpans spans = spans();
    if (spans != null) {
      spans.responseBytes(count);
    }
  }

  /** A complete gRPC response may say that the request failed. */
  final void complete(long knownNanos) {
    int outcome = GrpcStatus.isError(grpc()) ? LabelValues.FAILED : LabelValues.SUCCESS;
    finish(LateCall.END, outcome, true, GrpcStatus.fault(grpc(), Side.UPSTREAM), knownNanos);
  }

  /** Whether this attempt's times still count for its exchange's processing time. */
  private boolean isTimed() {
    return !exchange.isCommitted();
  }

  /**
   * Ends the attempt, unless it has ended; {@code knownNanos} is the time, 0 if it was not read.
   */
  final void finish(
      LateCall call, int outcome, boolean endedByUpstream, int fault, long knownNanos) {
    if (isOver()) {
      exchange.recorder.late(call);
      return;
    }
    boolean timed = isWorking() && isTimed();
    long now = knownNanos;
    if (now == 0 && (timed || trace != null || layers != null)) {
      now = exchange.recorder.now();
    }
    if (timed && (endedByUpstream || !hasLastEvent())) {
      lastEvent(now);
    }
    if (!end(outcome, fault)) {
      exchange.recorder.late(call);
      return;
    }
    exchange.recorder.metrics.add(ATTEMPTS_TOTAL, PackedLabels.outcome(outcome) | upstream(), 1);
    try {
      boolean failed = fault == Fault.NONE && outcome == LabelValues.FAILED;
      ProxyError error = failed ? ProxyError.GRPC_ERROR : Fault.error(fault);
      if (layers != null) {
        layers.finished(now, outcome, status(), error, exemplar());
      }
      if (trace != null) {
        int code = GrpcStatus.code(grpc());
        boolean canceled = outcome == LabelValues.CANCELED;
        trace.end(now, exchange.route, status(), code, canceled, error);
      }
    } catch (Throwable thrown) {
      exchange.recorder.failed(thrown);
    }
  }
}
