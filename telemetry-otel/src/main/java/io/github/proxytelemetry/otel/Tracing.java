package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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

  private final @Nullable Tracer tracer;
  private final TextMapPropagator propagator;

  /** {@code null} where the host's sampler decides. */
  private final @Nullable Sampling sampling;

  private final UnaryOperator<Context> recorded;
  private final Supplier<String> traceIds;

  /** The headers of which one is there where a context is. */
  private final String[] fields;

  private final Layers layers;

  /** Reads nothing, writes nothing: headers go by untouched. */
  static Tracing off() {
    return new Tracing(
        null,
        TextMapPropagator.noop(),
        null,
        UnaryOperator.identity(),
        TraceId::getInvalid,
        Layers.none());
  }

  /** Asks the host's tracer for every span. */
  static Tracing ofHost(OpenTelemetry openTelemetry) {
    return new Tracing(
        openTelemetry.getTracer(OtelProxyTelemetry.SCOPE),
        openTelemetry.getPropagators().getTextMapPropagator(),
        null,
        UnaryOperator.identity(),
        TraceId::getInvalid,
        Layers.none());
  }

  /** Decides by itself; {@code recorded} marks the context of a root that the SDK has to record. */
  static Tracing own(
      OpenTelemetry openTelemetry, Sampling sampling, UnaryOperator<Context> recorded) {
    return own(openTelemetry, sampling, recorded, Tracing::randomTraceId);
  }

  /** The same; {@code traceIds} makes the ids of traces that are not recorded. */
  static Tracing own(
      OpenTelemetry openTelemetry,
      Sampling sampling,
      UnaryOperator<Context> recorded,
      Supplier<String> traceIds) {
    return new Tracing(
        openTelemetry.getTracer(OtelProxyTelemetry.SCOPE),
        openTelemetry.getPropagators().getTextMapPropagator(),
        sampling,
        recorded,
        traceIds,
        Layers.none());
  }

  private Tracing(
      @Nullable Tracer tracer,
      TextMapPropagator propagator,
      @Nullable Sampling sampling,
      UnaryOperator<Context> recorded,
      Supplier<String> traceIds,
      Layers layers) {
    this.tracer = tracer;
    this.propagator = propagator;
    this.sampling = sampling;
    this.recorded = recorded;
    this.traceIds = traceIds;
    // Whoever has one has the parent as well.
    this.fields =
        propagator.fields().stream()
            .filter(field -> !field.equals(TraceHeaders.TRACESTATE))
            .toArray(String[]::new);
    this.layers = layers;
  }

  /** The same with the spans of layers, or without propagation. */
  Tracing with(Layers layers) {
    return new Tracing(
        tracer,
        layers.globalPropagation() ? propagator : TextMapPropagator.noop(),
        sampling,
        recorded,
        traceIds,
        layers);
  }

  /** Returns {@code null} for an exchange that is not recorded and came without a context. */
  @Nullable ServerSpan startServerSpan(
      RequestInfo request, int method, long receivedNanos, LongSupplier clock) {
    if (tracer == null) {
      return null;
    }
    Context parent = Context.root();
    if (sampling == null || hasContext(request)) {
      parent = propagator.extract(parent, request, TraceHeaders.GETTER);
    }
    SpanContext remote = Span.fromContext(parent).getSpanContext();
    if (sampling != null && !isSampled(sampling, remote, request)) {
      return remote.isValid() ? ServerSpan.unrecorded(this, remote) : null;
    }
    long offset = Epoch.nanos() - clock.getAsLong();
    if (!layers.globalTraces()) {
      return ServerSpan.without(this, layers, recorded.apply(parent), offset, receivedNanos);
    }
    SpanBuilder builder =
        tracer
            .spanBuilder(Labels.spanName(method))
            .setSpanKind(SpanKind.SERVER)
            .setParent(recorded.apply(parent))
            .setStartTimestamp(Epoch.instant(offset + receivedNanos))
            .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, Labels.methodName(method))
            .setAllAttributes(layers.traceAttributes());
    describe(builder, request, method);
    Span span = builder.startSpan();
    return ServerSpan.recorded(this, layers, parent.with(span), span, offset, receivedNanos);
  }

  /** A call of the host's own: a child of the span that is current, if there is one. */
  @Nullable ClientSpan startClientSpan(Recorder recorder, Upstream upstream) {
    if (tracer == null) {
      return null;
    }
    Context parent = Context.current();
    SpanContext current = Span.fromContext(parent).getSpanContext();
    if (sampling != null && !isSampled(sampling, current, UNKNOWN_REQUEST)) {
      return null;
    }
    long now = recorder.now();
    return startClientSpan(
        recorded.apply(parent), null, upstream, "HTTP", "_OTHER", 1, Epoch.nanos() - now, now);
  }

  @Nullable ClientSpan startClientSpan(
      Context parent,
      @Nullable AttemptSpans layers,
      Upstream upstream,
      String name,
      String method,
      int number,
      long offset,
      long startNanos) {
    if (tracer == null) {
      return null;
    }
    return ClientSpan.start(
        tracer.spanBuilder(name).setParent(parent),
        parent,
        layers,
        upstream,
        method,
        number,
        offset,
        startNanos);
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

  /** The context of an exchange that came without one and is not recorded. */
  @Nullable ServerSpan unrecordedSpan() {
    if (tracer == null || sampling == null || !layers.globalPropagation()) {
      return null;
    }
    String traceId = traceIds.get();
    return ServerSpan.unrecorded(
        this,
        SpanContext.create(
            traceId,
            SpanId.fromLong(ThreadLocalRandom.current().nextLong()),
            TraceFlags.getDefault(),
            TraceState.getDefault()));
  }

  <C> void inject(Context context, C headers, HeaderAccess<C> access) {
    if (!layers.globalPropagation()) {
      return;
    }
    propagator.inject(context, new TraceHeaders.Carrier<>(headers, access), TraceHeaders.SETTER);
    SpanContext span = Span.fromContext(context).getSpanContext();
    if (span.isValid()
        && span.getTraceState().isEmpty()
        && access.get(headers, TraceHeaders.TRACESTATE) != null) {
      // It belongs to a trace that ended here. W3C allows an empty one, and there is no way to
      // remove.
      access.set(headers, TraceHeaders.TRACESTATE, "");
    }
  }

  private static String randomTraceId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return TraceId.fromLongs(random.nextLong(), random.nextLong());
  }

  /** Whether there is anything to extract, which costs more than to look. */
  private boolean hasContext(RequestInfo request) {
    for (String field : fields) {
      if (request.header(field) != null) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSampled(Sampling sampling, SpanContext parent, RequestInfo request) {
    return parent.isValid()
        ? parent.isSampled()
        : sampling.sample(request, ThreadLocalRandom.current().nextLong());
  }

  /** What the conventions want at the start, because samplers look at it. */
  private static void describe(SpanBuilder builder, RequestInfo request, int method) {
    String scheme = request.scheme();
    if ("http".equals(scheme) || "https".equals(scheme)) {
      builder.setAttribute(UrlAttributes.URL_SCHEME, scheme);
    }
    String path = method == Labels.CONNECT ? null : request.path();
    if (path != null) {
      builder.setAttribute(UrlAttributes.URL_PATH, UrlPath.of(path));
    }
    String version = request.protocolVersion();
    if (isVersion(version)) {
      builder.setAttribute(NetworkAttributes.NETWORK_PROTOCOL_VERSION, version);
    }
  }

  static boolean isVersion(@Nullable String version) {
    return "1.1".equals(version)
        || "2".equals(version)
        || "1.0".equals(version)
        || "3".equals(version);
  }
}
