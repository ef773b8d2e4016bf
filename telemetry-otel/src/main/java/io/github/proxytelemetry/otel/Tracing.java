package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.github.proxytelemetry.otel.tracing.SpanHints;
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
 * Starts spans, and carries trace contexts in and out.
 *
 * <p>With an SDK of our own the decision comes first and is cheap, so that an exchange that is not
 * recorded has no span at all. With a host's, its tracer is always asked, because its sampler
 * decides.
 */
final class Tracing {
  /** A call of the host's own is not known when its trace begins. */
  private static final RequestInfo UNKNOWN_REQUEST = () -> "_OTHER";

  final Outbound outbound;
  private final @Nullable Tracer tracer;

  /** {@code null} where the host's sampler decides. */
  private final @Nullable Decisions decisions;

  private final SpanHints marks;
  private final Policy policy;
  private final LayerSet layers;
  private final boolean propagates;
  private final Inbound inbound;
  private final Supplier<String> traceIds;

  /** Traces nothing, and reads nothing. */
  static Tracing off(Policy policy) {
    return new Tracing(
        null, TextMapPropagator.noop(), null, SpanHints.NONE, policy, Layers.none(), null);
  }

  /** Starts every span with the host's tracer, whose sampler decides. */
  static Tracing ofHost(
      OpenTelemetry openTelemetry, Policy policy, Layers layers, HostErrors errors) {
    return new Tracing(openTelemetry, null, SpanHints.NONE, policy, layers, errors);
  }

  /** Samples before a span is started. */
  static Tracing own(OwnedOpenTelemetry owned, Policy policy, Layers layers, HostErrors errors) {
    return new Tracing(
        owned, new Decisions(owned.sampling(), errors), owned.hints(), policy, layers, errors);
  }

  private Tracing(
      OpenTelemetry openTelemetry,
      @Nullable Decisions decisions,
      SpanHints marks,
      Policy policy,
      Layers layers,
      HostErrors errors) {
    this(
        openTelemetry.getTracer(OtelProxyTelemetryBuilder.SCOPE),
        layers.propagation
            ? openTelemetry.getPropagators().getTextMapPropagator()
            : TextMapPropagator.noop(),
        decisions,
        marks,
        policy,
        layers,
        errors);
  }

  private Tracing(
      @Nullable Tracer tracer,
      TextMapPropagator propagator,
      @Nullable Decisions decisions,
      SpanHints marks,
      Policy policy,
      Layers layers,
      @Nullable HostErrors errors) {
    this.tracer = tracer;
    this.decisions = decisions;
    this.marks = marks;
    this.traceIds = marks::newTraceId;
    this.policy = policy;
    this.layers = layers.traces;
    this.propagates = layers.propagation;
    this.inbound = new Inbound(propagator, policy.trust(), decisions == null);
    this.outbound = new Outbound(propagator, policy, errors);
  }

  Policy policy() {
    return policy;
  }

  /** Makes the ids of traces that are not recorded, or not yet. */
  Supplier<String> traceIds() {
    return traceIds;
  }

  /** Whether an exchange may have a place in a trace. */
  boolean isOn() {
    return tracer != null;
  }

  /** Returns {@code null} for an exchange that is not recorded and came without a context. */
  @Nullable ExchangeTrace startExchange(
      RequestInfo request,
      int method,
      long receivedNanos,
      LongSupplier clock,
      @Nullable SocketAddress peer) {
    if (tracer == null) {
      return null;
    }
    Context read = inbound.read(request);
    Context parent = inbound.parent(read);
    SpanContext remote = Span.fromContext(parent).getSpanContext();
    boolean sampled = true;
    boolean late = false;
    Sampling responsible = null;
    if (decisions != null) {
      responsible = decisions.responsible(remote, request);
      sampled = decisions.isSampled(responsible, remote, request);
      late = !sampled && layers.has(Group.GLOBAL) && responsible.decidesAtEnd();
      if (!sampled && !late) {
        return remote.isValid() ? new UnrecordedTrace(parent, traceIds) : null;
      }
    }
    ServerStart start =
        new ServerStart(parent, inbound.link(read), request, method, receivedNanos, peer);
    if (decisions != null && responsible != null && late) {
      LateDecision decision = new LateDecision(this, decisions, responsible, clock);
      return new LateTrace(decision, start.kept(policy.capture()));
    }
    return start(tracer, start, Epoch.nanos() - clock.getAsLong(), null);
  }

  /** An exchange that turned out to be worth it, with the ids that others were told of. */
  @Nullable ServerSpan startLate(ServerStart start, long offset, @Nullable SpanContext told) {
    return tracer == null ? null : start(tracer, start, offset, told);
  }

  /** A call of the host's own: a child of the span that is current, if there is one. */
  @Nullable AttemptTrace startCall(Recorder recorder, Upstream upstream) {
    if (tracer == null) {
      return null;
    }
    Context parent = Context.current();
    SpanContext current = Span.fromContext(parent).getSpanContext();
    long now = recorder.now();
    if (decisions == null || (current.isValid() && current.isSampled())) {
      return startCall(parent, upstream, now, Epoch.nanos() - now, null);
    }
    if (current.isValid()) {
      return new Place(parent)::context;
    }
    Sampling responsible = decisions.responsible(current, UNKNOWN_REQUEST);
    if (decisions.isSampled(responsible, current, UNKNOWN_REQUEST)) {
      return startCall(parent, upstream, now, Epoch.nanos() - now, null);
    }
    return responsible.decidesAtEnd()
        ? new LateCall(new LateDecision(this, decisions, responsible, recorder::now), upstream, now)
        : new Place(Context.root(), traceIds)::context;
  }

  @Nullable ClientSpan startCall(
      Context parent, Upstream upstream, long startNanos, long offset, @Nullable SpanContext told) {
    return startClientSpan(
        marks.recorded(parent), null, upstream, "HTTP", "_OTHER", 1, offset, startNanos, told);
  }

  @Nullable ClientSpan startClientSpan(
      Context parent,
      @Nullable AttemptSpans layers,
      Upstream upstream,
      String name,
      String method,
      int number,
      long offset,
      long startNanos,
      @Nullable SpanContext told) {
    if (tracer == null) {
      return null;
    }
    SpanBuilder builder = tracer.spanBuilder(name).setParent(parent);
    boolean named = upstream != null && policy.capture().tells(upstream);
    return as(
        told,
        () ->
            ClientSpan.start(
                builder, parent, layers, upstream, named, method, number, offset, startNanos));
  }

  /** A span of a layer. */
  Span startInternal(Context parent, String name, long epochNanos) {
    if (tracer == null) {
      return Span.getInvalid();
    }
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setStartTimestamp(Epoch.instant(epochNanos))
        .startSpan();
  }

  /** What an exchange is that came without a context and is not recorded. */
  @Nullable ExchangeTrace unrecorded() {
    boolean told = tracer != null && decisions != null && propagates;
    return told ? new UnrecordedTrace(Context.root(), traceIds) : null;
  }

  private ServerSpan start(
      Tracer tracer, ServerStart start, long offset, @Nullable SpanContext told) {
    Context parent = marks.recorded(start.parent());
    if (!layers.has(Group.GLOBAL)) {
      return ServerSpan.without(this, layers, parent, offset, start.nanos());
    }
    SpanBuilder builder =
        tracer
            .spanBuilder(Labels.spanName(start.method()))
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setStartTimestamp(Epoch.instant(offset + start.nanos()))
            .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, Labels.methodName(start.method()))
            .setAllAttributes(layers.attributes(Group.GLOBAL));
    if (start.link().isValid()) {
      builder.addLink(start.link());
    }
    RequestAttributes.describe(builder, start.request(), start.method());
    policy.capture().describe(builder, start.request(), start.peer());
    Span span = as(told, builder::startSpan);
    return ServerSpan.recorded(
        this, layers, start.parent().with(span), span, offset, start.nanos());
  }

  /** Starts something with the ids that others were told of, if there are any. */
  private <T> T as(@Nullable SpanContext told, Supplier<T> starting) {
    return told == null
        ? starting.get()
        : marks.withIds(Context.current(), told).wrapSupplier(starting).get();
  }
}
