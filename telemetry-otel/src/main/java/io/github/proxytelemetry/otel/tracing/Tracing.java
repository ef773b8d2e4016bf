package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.CallbackErrors;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import io.github.proxytelemetry.otel.metrics.LayerSet;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.semconv.HttpAttributes;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
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

  /** Numbers of the known methods. */
  final Methods methods;

  private final Tracer tracer;

  /** {@code null} where the host's sampler decides. */
  private final @Nullable HeadSampler sampler;

  private final SpanHints hints;
  private final CaptureRules capture;
  private final LayerSet layers;
  private final StageNames stages;
  private final boolean propagates;
  private final Inbound inbound;

  /** Tracing over an OpenTelemetry, off where it exports no traces or privacy is strict. */
  public static Tracing over(OpenTelemetry openTelemetry, TraceRules rules, CallbackErrors errors) {
    OwnedOpenTelemetry owned = openTelemetry instanceof OwnedOpenTelemetry ours ? ours : null;
    boolean enabled = !rules.strict() && (owned == null || owned.exportsTraces());
    return new Tracing(openTelemetry, owned, enabled, rules, errors);
  }

  private Tracing(
      OpenTelemetry openTelemetry,
      @Nullable OwnedOpenTelemetry owned,
      boolean enabled,
      TraceRules rules,
      CallbackErrors errors) {
    TextMapPropagator propagator =
        enabled && rules.propagates()
            ? openTelemetry.getPropagators().getTextMapPropagator()
            : TextMapPropagator.noop();
    this.enabled = enabled;
    this.methods = rules.methods();
    this.tracer =
        OwnScope.tracer(
            owned == null ? openTelemetry.getTracerProvider() : owned.recordingTracers());
    this.sampler = owned == null ? null : new HeadSampler(owned.sampling(), errors);
    this.hints = owned == null ? SpanHints.NONE : owned.hints();
    this.capture = rules.capture();
    this.layers = rules.layers();
    this.stages = rules.stages();
    this.propagates = rules.propagates();
    this.inbound = new Inbound(propagator, rules.inbound(), owned == null, errors);
    this.outbound = new Outbound(propagator, owned != null, rules, errors);
  }

  public boolean capturesClientAddress() {
    return capture.clientAddress();
  }

  CaptureRules capture() {
    return capture;
  }

  /** Starts the trace of an exchange, null if it is unsampled and has no inbound context. */
  public @Nullable ExchangeTrace startExchange(
      RequestInfo request,
      int method,
      long receivedNanos,
      LongSupplier clock,
      @Nullable SocketAddress peer) {
    boolean carried = inbound.isCarried(request);
    UnsampledTrace continued = carried && sampler != null ? inbound.unsampled(request) : null;
    if (continued != null) {
      return continued;
    }
    Context extracted = carried ? inbound.extract(request) : Context.root();
    Context parent = inbound.parent(extracted);
    SpanContext caller = Span.fromContext(parent).getSpanContext();
    SpanContext ids = null;
    EndSampling atEnd = null;
    long high = 0;
    long low = 0;
    if (sampler != null) {
      InboundHint hint = InboundHint.of(parent, caller);
      String known = caller.isValid() ? caller.getTraceId() : hint == null ? null : hint.traceId();
      // Drawn before the decision, which OpenTelemetry's sampler of a ratio takes by the trace id.
      high = known == null ? hints.newTraceIdHigh() : UnsampledChild.high(known);
      low = known == null ? Ids.random() : UnsampledChild.low(known);
      InboundHint.Decision decision = hint == null ? decision(caller) : hint.decision();
      Sampling responsible = sampler.responsible(decision, request);
      if (!sampler.samples(responsible, decision, request, low)) {
        // Spans created at the end need the server span as their parent.
        if (!layers.has(Group.GLOBAL) || !sampler.decidesAtEnd(responsible)) {
          return known == null ? unsampled(high, low) : new UnsampledChild(parent, high, low);
        }
        atEnd = new EndSampling(this, sampler, responsible, clock);
      } else if (!caller.isValid() && (known != null || responsible != Sampling.always())) {
        // Where all are recorded, nothing was decided by the id, and the SDK draws one for less.
        ids = newRoot(high, low);
      }
    }
    SpanContext link = inbound.link(extracted);
    if (atEnd == null) {
      long offset = Epoch.nanos() - clock.getAsLong();
      return start(parent, link, request, method, receivedNanos, peer, offset, ids);
    }
    ServerStart start =
        new ServerStart(
            parent,
            link,
            RequestSnapshot.of(request, capture.requestHeaders().keySet()),
            method,
            receivedNanos,
            peer);
    return new EndSampledTrace(atEnd, start, high, low);
  }

  /** Without a parent it is of use only to upstreams; log lines get it when they ask for it. */
  private @Nullable UnsampledTrace unsampled(long high, long low) {
    return outbound.injects() ? new UnsampledTrace(high, low) : null;
  }

  private static InboundHint.Decision decision(SpanContext caller) {
    if (!caller.isValid()) {
      return InboundHint.Decision.OPEN;
    }
    return caller.isSampled() ? InboundHint.Decision.SAMPLED : InboundHint.Decision.UNSAMPLED;
  }

  private static SpanContext newRoot(long high, long low) {
    return Ids.context(high, low, Ids.random(), Ids.RANDOM_FLAG, TraceState.getDefault());
  }

  /**
   * The trace of an unsampled exchange without a parent, {@code null} if its ids are never used.
   */
  public @Nullable ExchangeTrace unsampled() {
    return enabled && sampler != null && propagates
        ? new UnsampledTrace(hints.newTraceIdHigh(), Ids.random())
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
      return new UnsampledAttempt(UnsampledChild.of(parent));
    }
    long high = hints.newTraceIdHigh();
    long low = Ids.random();
    InboundHint.Decision open = InboundHint.Decision.OPEN;
    Sampling responsible = sampler.responsible(open, UNKNOWN_REQUEST);
    if (sampler.samples(responsible, open, UNKNOWN_REQUEST, low)) {
      return startHostCall(parent, upstream, now, Epoch.nanos() - now, newRoot(high, low));
    }
    UnsampledTrace trace = new UnsampledTrace(high, low);
    return sampler.decidesAtEnd(responsible)
        ? new EndSampledCall(
            new EndSampling(this, sampler, responsible, clock), trace, upstream, now)
        : new UnsampledAttempt(trace);
  }

  ClientSpan startHostCall(
      Context parent, Upstream upstream, long startNanos, long offset, @Nullable SpanContext ids) {
    return startClientSpan(parent, null, upstream, Methods.OTHER, 1, offset, startNanos, ids);
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
    SpanBuilder builder = span(methods.name(method)).setParent(parent);
    boolean named = upstream != null && capture.names(upstream);
    if (ids == null) {
      return ClientSpan.start(
          builder, parent, spans, upstream, named, method, number, offset, startNanos);
    }
    return withIds(
        ids,
        () ->
            ClientSpan.start(
                builder, parent, spans, upstream, named, method, number, offset, startNanos));
  }

  LayerSet layers() {
    return layers;
  }

  StageNames stages() {
    return stages;
  }

  /** The tracer of the spans of layers. */
  Tracer tracer() {
    return tracer;
  }

  /** Starts the server span of an exchange that was sampled at its end. */
  ServerSpan start(ServerStart start, long offset, SpanContext ids) {
    return start(
        start.parent(),
        start.link(),
        start.request(),
        start.method(),
        start.nanos(),
        start.peer(),
        offset,
        ids);
  }

  /** Starts a server span; {@code ids} are those already injected, null to generate new ones. */
  private ServerSpan start(
      Context parent,
      SpanContext link,
      RequestInfo request,
      int method,
      long startNanos,
      @Nullable SocketAddress peer,
      long offset,
      @Nullable SpanContext ids) {
    if (!layers.has(Group.GLOBAL)) {
      return ServerSpan.without(this, parent, offset, startNanos);
    }
    SpanBuilder builder =
        span(methods.name(method))
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setStartTimestamp(offset + startNanos, TimeUnit.NANOSECONDS)
            .setAllAttributes(layers.attributes(Group.GLOBAL));
    if (link.isValid()) {
      builder.addLink(link);
    }
    RequestAttributes.describe(builder, request, method);
    capture.describe(builder, request, peer);
    Span span = ids == null ? builder.startSpan() : withIds(ids, builder::startSpan);
    return ServerSpan.recorded(this, parent.with(span), span, offset, startNanos);
  }

  private SpanBuilder span(String method) {
    return tracer
        .spanBuilder(Methods.spanName(method))
        .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, method);
  }

  private <T> T withIds(SpanContext ids, Supplier<T> starting) {
    return hints.withIds(Context.current(), ids).wrapSupplier(starting).get();
  }
}
