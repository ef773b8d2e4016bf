package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The trace of an exchange: its span, or, where it is not recorded, only its place in a trace. */
final class ServerSpan {
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
  private final boolean recorded;

  /** From the nano clock to nanoseconds since the epoch. */
  private final long offset;

  private final Layers layers;
  private final long startNanos;

  /** The span of the layer {@code proxy}, once there is one. */
  private @Nullable StageSpan proxy;

  static ServerSpan recorded(
      Tracing tracing, Layers layers, Context context, Span span, long offset, long startNanos) {
    return new ServerSpan(tracing, layers, context, span, true, offset, startNanos);
  }

  /** Of an exchange that is recorded, but has no span of its own: its parent's place. */
  static ServerSpan without(
      Tracing tracing, Layers layers, Context parent, long offset, long startNanos) {
    Span place = Span.wrap(Span.fromContext(parent).getSpanContext());
    return new ServerSpan(tracing, layers, parent, place, true, offset, startNanos);
  }

  static ServerSpan unrecorded(Tracing tracing, SpanContext place) {
    Span span = Span.wrap(place);
    return new ServerSpan(tracing, Layers.none(), Context.root().with(span), span, false, 0, 0);
  }

  private ServerSpan(
      Tracing tracing,
      Layers layers,
      Context context,
      Span span,
      boolean recorded,
      long offset,
      long startNanos) {
    this.tracing = tracing;
    this.layers = layers;
    this.startNanos = startNanos;
    this.context = context;
    this.span = span;
    this.recorded = recorded;
    this.offset = offset;
  }

  @Nullable ClientSpan startClientSpan(
      Recorder recorder, Upstream upstream, int method, int number) {
    if (!recorded) {
      return null;
    }
    long now = recorder.now();
    Context parent = attemptParent();
    AttemptSpans spans = null;
    if (layers.backendTraces().isOn() && hasLayers()) {
      spans = AttemptSpans.start(tracing, layers.backendTraces(), parent, now, offset);
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
        now);
  }

  /** The work on the request begins: so does the span of the layer, if there is one. */
  synchronized void handlingStarted(long now) {
    if (proxy == null && recorded && layers.proxyTraces() && hasLayers()) {
      proxy =
          StageSpan.start(tracing, context, StageSpan.PROXY, layers.traceAttributes(), offset, now);
    }
  }

  /**
   * A context for one attempt of an exchange that is not recorded: the same trace, its own span.
   */
  Context unrecordedChild() {
    SpanContext parent = span.getSpanContext();
    String spanId = SpanId.fromLong(ThreadLocalRandom.current().nextLong());
    SpanContext child =
        SpanContext.create(
            parent.getTraceId(), spanId, parent.getTraceFlags(), parent.getTraceState());
    return Context.root().with(Span.wrap(child));
  }

  // Whoever gets it closes it.
  @SuppressWarnings("MustBeClosedChecker")
  Scope activate() {
    io.opentelemetry.context.Scope scope = context.makeCurrent();
    return scope::close;
  }

  @Nullable String traceId() {
    SpanContext place = place();
    return recorded && place.isValid() ? place.getTraceId() : null;
  }

  @Nullable String spanId() {
    SpanContext place = place();
    return recorded && place.isValid() ? place.getSpanId() : null;
  }

  /** Tells how it went, all at once, because each call on a span takes its lock. */
  void end(
      Outcome outcome, long processingNanos, boolean upgraded, boolean complete, long endNanos) {
    if (!recorded) {
      return;
    }
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
    return !layers.globalTraces() || span.isRecording();
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

  private synchronized SpanContext place() {
    return layers.globalTraces() || proxy == null
        ? span.getSpanContext()
        : Span.fromContext(proxy.context()).getSpanContext();
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
