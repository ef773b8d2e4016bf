package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Server span of a recorded exchange, and the spans of its layers. */
final class ServerSpan implements ExchangeTrace {
  /** Not in the conventions: the proxy's own time, in seconds. */
  private static final AttributeKey<Double> PROCESSING_TIME =
      AttributeKey.doubleKey("proxy.processing_time");

  private static final AttributeKey<Double> QUEUE_TIME = AttributeKey.doubleKey("proxy.queue_time");

  /** Not in the conventions: the connection became a tunnel. */
  private static final AttributeKey<Boolean> UPGRADE =
      AttributeKey.booleanKey("http.connection.upgrade");

  private static final double NANOS_PER_SECOND = 1e9;

  private final Tracing tracing;
  private final Context context;
  private final Span span;

  /** Offset from the nano clock to nanoseconds since the epoch. */
  private final long offset;

  private final long startNanos;

  private long responseEndNanos;

  /** The span of the layer {@code proxy}, once it was started. */
  private @Nullable StageSpan proxy;

  static ServerSpan recorded(
      Tracing tracing, Context context, Span span, long offset, long startNanos) {
    return new ServerSpan(tracing, context, span, offset, startNanos);
  }

  /** A recorded exchange without a span of its own: its parent stands for it. */
  static ServerSpan without(Tracing tracing, Context parent, long offset, long startNanos) {
    Span wrapped = Span.wrap(Span.fromContext(parent).getSpanContext());
    return new ServerSpan(tracing, parent, wrapped, offset, startNanos);
  }

  private ServerSpan(Tracing tracing, Context context, Span span, long offset, long startNanos) {
    this.tracing = tracing;
    this.startNanos = startNanos;
    this.context = context;
    this.span = span;
    this.offset = offset;
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public AttemptTrace startAttempt(Upstream upstream, int method, int number, long now) {
    return startClientSpan(upstream, method, number, now, null);
  }

  ClientSpan startClientSpan(
      Upstream upstream, int method, int number, long now, @Nullable SpanContext ids) {
    Context parent = attemptParent();
    AttemptSpans spans = null;
    if (AttemptSpans.isOn(layers()) && hasLayers()) {
      spans =
          AttemptSpans.start(
              tracing.tracer(),
              layers(),
              tracing.stages(),
              parent,
              tracing.methods.name(method),
              now,
              offset);
      parent = spans.clientParent(parent);
    }
    return tracing.startClientSpan(parent, spans, upstream, method, number, offset, now, ids);
  }

  @Override
  public Context attemptContext() {
    return context;
  }

  /** Starts the span of the layer {@code proxy}, if that is on. */
  @Override
  public synchronized void handlingStarted(long now) {
    if (proxy == null && layers().has(Group.PROXY) && hasLayers()) {
      proxy =
          StageSpan.start(
              tracing.tracer(),
              context,
              StageSpan.PROXY,
              layers().attributes(Group.PROXY),
              offset,
              now);
    }
  }

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {
    capture(tracing.capture().response(headers, access));
  }

  void capture(Attributes response) {
    span.setAllAttributes(response);
  }

  /** Without a server span, that of the layer {@code proxy} stands for the exchange. */
  @Override
  public synchronized SpanContext spanContext() {
    return layers().has(Group.GLOBAL) || proxy == null
        ? span.getSpanContext()
        : Span.fromContext(proxy.context()).getSpanContext();
  }

  @Override
  public void responseEnded(long now) {
    responseEndNanos = now;
  }

  /** Attributes are set one by one: a lock that nobody else wants costs less than their copies. */
  @Override
  public void end(ExchangeOutcome outcome, long now) {
    long endNanos = responseEndNanos == 0 ? now : responseEndNanos;
    endProxy(outcome, endNanos);
    if (span.isRecording()) {
      if (outcome.route() != null) {
        span.setAttribute(HttpAttributes.HTTP_ROUTE, outcome.route());
        span.updateName(Methods.spanName(outcome.method()) + ' ' + outcome.route());
      }
      if (LabelValues.isStatus(outcome.status())) {
        span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, Boxes.of(outcome.status()));
      }
      RpcStatus.set(span, outcome.grpcStatus());
      String errorType = outcome.errorType();
      if (errorType != null) {
        span.setAttribute(ErrorAttributes.ERROR_TYPE, errorType);
      }
      if (outcome.processingNanos() >= 0) {
        span.setAttribute(PROCESSING_TIME, outcome.processingNanos() / NANOS_PER_SECOND);
      }
      if (outcome.queueNanos() > 0) {
        span.setAttribute(QUEUE_TIME, outcome.queueNanos() / NANOS_PER_SECOND);
      }
      if (outcome.upgraded()) {
        span.setAttribute(UPGRADE, true);
      }
      if (layers().has(Group.PROXY) || AttemptSpans.isOn(layers())) {
        span.setAttribute(StageSpan.STAGE, StageSpan.GLOBAL);
      }
      if (outcome.isError()) {
        span.setStatus(StatusCode.ERROR);
      }
    }
    span.end(offset + endNanos, TimeUnit.NANOSECONDS);
  }

  /** An exchange without a handling event was handled from its start. */
  private Context attemptParent() {
    handlingStarted(startNanos);
    synchronized (this) {
      return proxy == null ? context : proxy.context();
    }
  }

  /** A span that the host's sampler dropped has no layers either. */
  private boolean hasLayers() {
    return !layers().has(Group.GLOBAL) || span.isRecording();
  }

  Tracing tracing() {
    return tracing;
  }

  private LayerSet layers() {
    return tracing.layers();
  }

  private void endProxy(ExchangeOutcome outcome, long endNanos) {
    handlingStarted(startNanos);
    StageSpan stage;
    synchronized (this) {
      stage = proxy;
    }
    if (stage != null) {
      boolean canceled = outcome.error() == ProxyError.CLIENT_ABORT;
      boolean whole = outcome.complete() && !canceled && outcome.errorType() == null;
      stage.describe(tracing.stages(), outcome.method(), outcome.route(), outcome.status());
      stage.end(endNanos, whole, canceled, outcome.errorType(), outcome.isError());
    }
  }
}
