package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.semconv.HttpAttributes;
import org.jspecify.annotations.Nullable;

/** Span of a layer, with KrakenD's attributes. */
final class StageSpan {
  static final String PROXY = "proxy";
  static final String BACKEND = "backend";
  static final String GLOBAL = "global";
  static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  private static final AttributeKey<Boolean> COMPLETE = AttributeKey.booleanKey("complete");
  private static final AttributeKey<Boolean> CANCELED = AttributeKey.booleanKey("canceled");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error");

  private final Context context;
  private final Span span;
  private final long offset;

  /** Starts one; {@code offset} is from the nano clock to nanoseconds since the epoch. */
  static StageSpan start(
      Tracer tracer, Context parent, String stage, Attributes fixed, long offset, long now) {
    Span span = start(tracer, parent, stage, offset + now);
    span.setAttribute(STAGE, stage);
    span.setAllAttributes(fixed);
    return new StageSpan(parent.with(span), span, offset);
  }

  /** Starts a span of a layer. */
  static Span start(Tracer tracer, Context parent, String name, long epochNanos) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(Epoch.instant(epochNanos))
        .startSpan();
  }

  private StageSpan(Context context, Span span, long offset) {
    this.context = context;
    this.span = span;
    this.offset = offset;
  }

  /** The context of its children. */
  Context context() {
    return context;
  }

  /** The span, for further attributes. */
  Span span() {
    return span;
  }

  /** Describes the request and its response, as KrakenD does. */
  void describe(StageNames names, String method, @Nullable String route, int status) {
    span.setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, method);
    if (route != null) {
      span.setAttribute(HttpAttributes.HTTP_ROUTE, route);
      if (names.areRoutes()) {
        span.updateName(route);
      }
    }
    if (LabelValues.isStatus(status)) {
      span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, Boxes.of(status));
    }
  }

  /**
   * Ends it.
   *
   * @param complete whether all upstreams gave a response that is not an error
   * @param canceled whether the work was given up
   * @param error a token, or a status that is an error
   * @param failed whether the error is attributed to the proxy or an upstream
   */
  void end(
      long endNanos, boolean complete, boolean canceled, @Nullable String error, boolean failed) {
    AttributesBuilder attributes = Attributes.builder().put(COMPLETE, complete);
    if (canceled) {
      attributes.put(CANCELED, true);
    } else if (error != null) {
      attributes.put(ERROR, error);
    }
    span.setAllAttributes(attributes.build());
    if (failed && !canceled) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(Epoch.instant(offset + endNanos));
  }
}
