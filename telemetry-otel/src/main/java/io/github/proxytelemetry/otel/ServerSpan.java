package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import org.jspecify.annotations.Nullable;

/** The span of an exchange. */
final class ServerSpan implements ExchangeTrace {
  /** Not in the conventions: what the proxy itself added, in seconds. */
  private static final AttributeKey<Double> PROCESSING_TIME =
      AttributeKey.doubleKey("proxy.processing_time");

  /** Not in the conventions: the connection went on as something else. */
  private static final AttributeKey<Boolean> UPGRADE =
      AttributeKey.booleanKey("http.connection.upgrade");

  private static final double NANOS_PER_SECOND = 1e9;

  private final Tracing tracing;
  private final Context context;
  private final Span span;

  /** From the nano clock to nanoseconds since the epoch. */
  private final long offset;

  private final LayerSet layers;
  private final long startNanos;

  /** The span of the layer {@code proxy}, once there is one. */
  private @Nullable StageSpan proxy;

  static ServerSpan recorded(
      Tracing tracing, LayerSet layers, Context context, Span span, long offset, long startNanos) {
    return new ServerSpan(tracing, layers, context, span, offset, startNanos);
  }

  /** Of an exchange that is recorded, but has no span of its own: its parent's place. */
  static ServerSpan without(
      Tracing tracing, LayerSet layers, Context parent, long offset, long startNanos) {
    Span place = Span.wrap(Span.fromContext(parent).getSpanContext());
    return new ServerSpan(tracing, layers, parent, place, offset, startNanos);
  }

  private ServerSpan(
      Tracing tracing, LayerSet layers, Context context, Span span, long offset, long startNanos) {
    this.tracing = tracing;
    this.layers = layers;
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
  public @Nullable AttemptTrace startAttempt(
      Recorder recorder, Upstream upstream, int method, int number) {
    return startClientSpan(upstream, method, number, recorder.now(), null);
  }

  @Nullable ClientSpan startClientSpan(
      Upstream upstream, int method, int number, long now, @Nullable SpanContext told) {
    Context parent = attemptParent();
    AttemptSpans spans = null;
    if (AttemptSpans.isOn(layers) && hasLayers()) {
      spans = AttemptSpans.start(tracing, layers, parent, now, offset);
      parent = spans.clientParent(parent);
    }
    return tracing.startClientSpan(
        parent,
        spans,
        upstream,
        Labels.spanName(method),
        Labels.methodName(method),
        number,
        offset,
        now,
        told);
  }

  @Override
  public Context attemptContext() {
    return context;
  }

  /** The work on the request begins: so does the span of the layer, if there is one. */
  @Override
  public synchronized void handlingStarted(long now) {
    if (proxy == null && layers.has(Group.PROXY) && hasLayers()) {
      proxy =
          StageSpan.start(
              tracing, context, StageSpan.PROXY, layers.attributes(Group.PROXY), offset, now);
    }
  }

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {
    capture(tracing.policy().capture().response(headers, access));
  }

  void capture(Attributes response) {
    span.setAllAttributes(response);
  }

  /** Where the layer global has no span, the layer proxy stands for the exchange. */
  @Override
  public synchronized SpanContext place() {
    return layers.has(Group.GLOBAL) || proxy == null
        ? span.getSpanContext()
        : Span.fromContext(proxy.context()).getSpanContext();
  }

  /** Tells how it went, all at once, because each call on a span takes its lock. */
  @Override
  public void end(
      Outcome outcome, long processingNanos, boolean upgraded, boolean complete, long endNanos) {
    endProxy(outcome, complete, endNanos);
    if (span.isRecording()) {
      AttributesBuilder attributes = Attributes.builder();
      if (outcome.route() != null) {
        attributes.put(HttpAttributes.HTTP_ROUTE, outcome.route());
        span.updateName(Labels.spanName(outcome.method()) + ' ' + outcome.route());
      }
      if (Labels.isStatus(outcome.status())) {
        attributes.put(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) outcome.status());
      }
      String errorType = outcome.errorType();
      if (errorType != null) {
        attributes.put(ErrorAttributes.ERROR_TYPE, errorType);
      }
      if (processingNanos >= 0) {
        attributes.put(PROCESSING_TIME, processingNanos / NANOS_PER_SECOND);
      }
      if (upgraded) {
        attributes.put(UPGRADE, true);
      }
      span.setAllAttributes(attributes.build());
      if (outcome.isError()) {
        span.setStatus(StatusCode.ERROR);
      }
    }
    span.end(Epoch.instant(offset + endNanos));
  }

  /** An exchange whose handling was never told of was handled from its start. */
  private Context attemptParent() {
    handlingStarted(startNanos);
    synchronized (this) {
      return proxy == null ? context : proxy.context();
    }
  }

  /** A span that the host's sampler did not choose has no layers either. */
  private boolean hasLayers() {
    return !layers.has(Group.GLOBAL) || span.isRecording();
  }

  private void endProxy(Outcome outcome, boolean complete, long endNanos) {
    handlingStarted(startNanos);
    StageSpan stage;
    synchronized (this) {
      stage = proxy;
    }
    if (stage != null) {
      boolean canceled = outcome.error() == ProxyError.CLIENT_ABORT;
      boolean whole = complete && !canceled && outcome.errorType() == null;
      stage.end(endNanos, whole, canceled, outcome.errorType(), outcome.isError());
    }
  }

  /**
   * How an exchange went.
   *
   * @param status its status, or anything outside 100 to 599 if it had none
   */
  record Outcome(
      int method,
      @Nullable String route,
      int status,
      @Nullable Side side,
      @Nullable ProxyError error) {
    @Nullable String errorType() {
      if (error != null) {
        return error.token();
      }
      return isServerError() ? Integer.toString(status) : null;
    }

    /** What the client did wrong is no error of the proxy: it left, or it was told so by a 4xx. */
    boolean isError() {
      boolean clientError = status >= 400 && status < 500;
      return isServerError() || (error != null && side != Side.DOWNSTREAM && !clientError);
    }

    private boolean isServerError() {
      return status >= 500 && status < 600;
    }
  }
}
