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

  static ServerSpan recorded(Tracing tracing, Context context, Span span, long offset) {
    return new ServerSpan(tracing, context, span, true, offset);
  }

  static ServerSpan unrecorded(Tracing tracing, SpanContext place) {
    Span span = Span.wrap(place);
    return new ServerSpan(tracing, Context.root().with(span), span, false, 0);
  }

  private ServerSpan(Tracing tracing, Context context, Span span, boolean recorded, long offset) {
    this.tracing = tracing;
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
    return tracing.startClientSpan(
        context,
        upstream,
        Labels.spanName(method),
        Labels.methodName(method),
        number,
        offset,
        recorder.now());
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
    SpanContext place = span.getSpanContext();
    return recorded && place.isValid() ? place.getTraceId() : null;
  }

  @Nullable String spanId() {
    SpanContext place = span.getSpanContext();
    return recorded && place.isValid() ? place.getSpanId() : null;
  }

  /** Tells how it went, all at once, because each call on a span takes its lock. */
  void end(Outcome outcome, long processingNanos, boolean upgraded, long endNanos) {
    if (!recorded) {
      return;
    }
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
