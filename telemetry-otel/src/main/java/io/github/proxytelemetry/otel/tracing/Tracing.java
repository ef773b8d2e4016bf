package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.semconv.HttpAttributes;
import java.net.SocketAddress;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts spans and propagates trace contexts.
 *
 * <p>With our own SDK the sampling decision comes before the span, so unsampled exchanges have
 * none. With a host's OpenTelemetry its sampler decides, so every exchange starts a span.
 */
public final class Tracing {
  /** Placeholder for the sampler: the request of a host call is not known yet. */
  private static final RequestInfo UNKNOWN_REQUEST = () -> LabelValues.OTHER;

  public final Outbound outbound;

  /** Whether tracing is enabled. */
  public final boolean enabled;

  private final Tracer tracer;

  /** {@code null} where the host's sampler decides. */
  private final @Nullable HeadSampler sampler;

  private final SpanHints hints;
  private final Supplier<String> traceIds;
  private final CaptureRules capture;
  private final LayerSet layers;
  private final boolean propagates;
  private final Inbound inbound;

  /** Tracing over an OpenTelemetry, off where it exports no traces or privacy is strict. */
  public static Tracing over(
      OpenTelemetry openTelemetry, String scope, TraceRules rules, CallbackErrors errors) {
    OwnedOpenTelemetry owned = openTelemetry instanceof OwnedOpenTelemetry ours ? ours : null;
    boolean enabled = !rules.strict() && (owned == null || owned.exportsTraces());
    return new Tracing(openTelemetry, owned, enabled, scope, rules, errors);
  }

  private Tracing(
      OpenTelemetry openTelemetry,
      @Nullable OwnedOpenTelemetry owned,
      boolean enabled,
      String scope,
      TraceRules rules,
      CallbackErrors errors) {
    TextMapPropagator propagator =
        enabled && rules.propagates()
            ? openTelemetry.getPropagators().getTextMapPropagator()
            : TextMapPropagator.noop();
    this.enabled = enabled;
    this.tracer = openTelemetry.getTracer(scope);
    this.sampler = owned == null ? null : new HeadSampler(owned.sampling(), errors);
    this.hints = owned == null ? SpanHints.NONE : owned.hints();
    this.traceIds = hints::newTraceId;
    this.capture = rules.capture();
    this.layers = rules.layers();
    this.propagates = rules.propagates();
    this.inbound = new Inbound(propagator, rules.inbound(), owned == null);
    this.outbound = new Outbound(propagator, rules, errors);
  }

  public boolean capturesClientAddress() {
    return capture.clientAddress();
  }

  CaptureRules capture() {
    return capture;
  }

  /** Generator of trace ids for traces that are unsampled, or sampled at the end. */
  Supplier<String> traceIds() {
    return traceIds;
  }

  /** Starts the trace of an exchange, null if it is unsampled and has no inbound context. */
  public @Nullable ExchangeTrace startExchange(
      RequestInfo request,
      int method,
      long receivedNanos,
      LongSupplier clock,
      @Nullable SocketAddress peer) {
    Context extracted = inbound.extract(request);
    Context parent = inbound.parent(extracted);
    SpanContext parentContext = Span.fromContext(parent).getSpanContext();
    EndSampling atEnd = null;
    if (sampler != null) {
      Sampling responsible = sampler.responsible(parentContext, request);
      if (!sampler.samples(responsible, parentContext, request)) {
        // Spans created at the end need the server span as their parent.
        if (!layers.has(Group.GLOBAL) || !sampler.decidesAtEnd(responsible)) {
          return parentContext.isValid() ? new UnsampledTrace(parent, traceIds) : null;
        }
        atEnd = new EndSampling(this, sampler, responsible, clock);
      }
    }
    ServerStart start =
        new ServerStart(parent, inbound.link(extracted), request, method, receivedNanos, peer);
    return atEnd == null
        ? start(start, Epoch.nanos() - clock.getAsLong(), null)
        : new EndSampledTrace(atEnd, start.kept(capture));
  }

  /**
   * The trace of an unsampled exchange without a parent, {@code null} if its ids are never used.
   */
  public @Nullable ExchangeTrace unsampled() {
    return enabled && sampler != null && propagates
        ? new UnsampledTrace(Context.root(), traceIds)
        : null;
  }

  /** Starts the trace of a call of the host itself: a child of the current span, if any. */
  public @Nullable AttemptTrace startHostCall(Upstream upstream, long now, LongSupplier clock) {
    if (!enabled) {
      return null;
    }
    Context parent = Context.current();
    SpanContext current = Span.fromContext(parent).getSpanContext();
    if (sampler == null || (current.isValid() && current.isSampled())) {
      return startHostCall(parent, upstream, now, Epoch.nanos() - now, null);
    }
    if (current.isValid()) {
      return new LazySpanContext(parent)::context;
    }
    Sampling responsible = sampler.responsible(current, UNKNOWN_REQUEST);
    if (sampler.samples(responsible, current, UNKNOWN_REQUEST)) {
      return startHostCall(parent, upstream, now, Epoch.nanos() - now, null);
    }
    return sampler.decidesAtEnd(responsible)
        ? new EndSampledCall(new EndSampling(this, sampler, responsible, clock), upstream, now)
        : new LazySpanContext(Context.root(), traceIds)::context;
  }

  ClientSpan startHostCall(
      Context parent, Upstream upstream, long startNanos, long offset, @Nullable SpanContext ids) {
    int method = LabelValues.method(null);
    return startClientSpan(
        hints.recorded(parent), null, upstream, method, 1, offset, startNanos, ids);
  }

  /** Starts a client span; {@code ids} are those already injected, null to generate new ones. */
  ClientSpan startClientSpan(
      Context parent,
      @Nullable AttemptSpans spans,
      Upstream upstream,
      int method,
      int number,
      long offset,
      long startNanos,
      @Nullable SpanContext ids) {
    SpanBuilder builder = tracer.spanBuilder(LabelValues.spanName(method)).setParent(parent);
    boolean named = upstream != null && capture.names(upstream);
    return withIds(
        ids,
        () ->
            ClientSpan.start(
                builder, parent, spans, upstream, named, method, number, offset, startNanos));
  }

  /** Starts a span of a layer. */
  Span startInternal(Context parent, String name, long epochNanos) {
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(Epoch.instant(epochNanos))
        .startSpan();
  }

  /** Starts a server span; {@code ids} are those already injected, null to generate new ones. */
  ServerSpan start(ServerStart start, long offset, @Nullable SpanContext ids) {
    Context parent = hints.recorded(start.parent());
    if (!layers.has(Group.GLOBAL)) {
      return ServerSpan.without(this, layers, parent, offset, start.nanos());
    }
    SpanBuilder builder =
        tracer
            .spanBuilder(LabelValues.spanName(start.method()))
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setStartTimestamp(Epoch.instant(offset + start.nanos()))
            .setAttribute(
                HttpAttributes.HTTP_REQUEST_METHOD, LabelValues.methodName(start.method()))
            .setAllAttributes(layers.attributes(Group.GLOBAL));
    if (start.link().isValid()) {
      builder.addLink(start.link());
    }
    RequestAttributes.describe(builder, start.request(), start.method());
    capture.describe(builder, start.request(), start.peer());
    Span span = withIds(ids, builder::startSpan);
    return ServerSpan.recorded(
        this, layers, start.parent().with(span), span, offset, start.nanos());
  }

  private <T> T withIds(@Nullable SpanContext ids, Supplier<T> starting) {
    return ids == null
        ? starting.get()
        : hints.withIds(Context.current(), ids).wrapSupplier(starting).get();
  }
}
