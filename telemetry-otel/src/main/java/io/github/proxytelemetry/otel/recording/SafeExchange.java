package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.metrics.Metrics;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.opentelemetry.api.trace.SpanContext;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Exchange handed to the host: starts attempts and tunnels, ends once, and catches exceptions, in
 * one object instead of the two that {@link ProxyTelemetry#guarded} would need. Methods that call
 * no code of the host or of OpenTelemetry are not guarded.
 */
final class SafeExchange extends Exchange {
  SafeExchange(
      Recorder recorder,
      @Nullable DownstreamConnection connection,
      int labels,
      @Nullable ExchangeLayers layers,
      long receivedNanos,
      @Nullable ExchangeTrace trace) {
    super(recorder, connection, labels, layers, receivedNanos, trace);
  }

  @Override
  public void route(String template) {
    route = template;
  }

  @Override
  public void handlingStarted() {
    try {
      long received = receivedOrProcessing;
      // The response may start on another thread: its status is written before the time is.
      VarHandle.loadLoadFence();
      if (queueNanos == UNKNOWN && status == 0) {
        handlingStarted(received, recorder.now());
      }
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  private void handlingStarted(long received, long now) {
    queueNanos = Math.max(0, now - received);
    if (trace != null) {
      trace.handlingStarted(now);
    }
    if (layers != null) {
      layers.handlingStarted(now);
    }
  }

  @Override
  public void requestBytes(long count) {
    if (layers != null) {
      layers.requestBytes(count);
    }
  }

  @Override
  public void requestEnd() {
    int before = endHalf(REQUEST_ENDED, RESPONSE_ENDED);
    if ((before & (REQUEST_ENDED | RESPONSE_ENDED | ENDED)) == RESPONSE_ENDED) {
      conclude(before, null);
    }
  }

  @Override
  public <C> void informational(int status, C headers, HeaderAccess<C> access) {
    recorder.strip(headers, access);
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    recorder.strip(trailers, access);
    try {
      grpc = GrpcStatus.ofTrailers(grpc, trailers, access);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    try {
      super.responseStarted(status, headers, access);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void responseBytes(long count) {
    if (layers != null) {
      layers.responseBytes(count);
    }
  }

  @Override
  public void responseEnd() {
    if (is(RESPONSE_ENDED | ENDED)) {
      return;
    }
    if (layers != null || (trace != null && trace.isRecorded())) {
      responseEnded(recorder.now());
    }
    int before = endHalf(RESPONSE_ENDED, REQUEST_ENDED);
    if ((before & (RESPONSE_ENDED | ENDED)) != 0) {
      return;
    }
    if ((before & REQUEST_ENDED) != 0) {
      conclude(before, null);
    } else {
      recorder.metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
  }

  private void responseEnded(long now) {
    if (layers != null) {
      layers.responseEnded(now);
    }
    if (trace != null) {
      trace.responseEnded(now);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    setFirstFault(side, error);
  }

  @Override
  public void end() {
    if (!finish(null, null)) {
      late(LateCall.END);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!finish(side, error)) {
      late(LateCall.FAIL);
    }
  }

  @Override
  public void discard() {
    int before = getAndSet(ENDED);
    if ((before & ENDED) != 0) {
      late(LateCall.END);
      return;
    }
    release();
    if ((before & RESPONSE_ENDED) == 0) {
      recorder.metrics.remove(Instrument.REQUESTS_IN_PROGRESS, labels, 1);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    if (is(ENDED)) {
      late(LateCall.START);
    }
    try {
      return start(upstream, Metrics.method(labels));
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return ProxyTelemetry.noop().startAttempt(upstream);
    }
  }

  private Attempt start(Upstream upstream, int method) {
    ExchangeTrace recorded = trace != null && trace.isRecorded() ? trace : null;
    long now = recorded != null || recorder.metrics.measuresAttempts ? recorder.now() : 0;
    AttemptTrace child = recorded == null ? null : trace(recorded, upstream, method, now);
    int number = recorder.metrics.labels.upstreamNumber(upstream);
    AttemptLayers layer = AttemptLayers.start(recorder.metrics, this, number, method, now);
    Attempt attempt = new SafeAttempt(this, upstream, number, child, layer);
    Attempts.link(attempt, latest);
    setLatest(attempt);
    return attempt;
  }

  /** Starts the trace of an attempt. If the host's sampler throws, there is only no trace. */
  private @Nullable AttemptTrace trace(
      ExchangeTrace parent, Upstream upstream, int method, long now) {
    try {
      return parent.startAttempt(upstream, method, Attempts.next(latest), now);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return null;
    }
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    if ((getAndSet(TUNNELLED) & TUNNELLED) != 0) {
      late(LateCall.START);
      return Tunnel.NONE;
    }
    finish(null, null);
    return Tunnel.start(recorder, connection, kind, latest == null ? 0 : latest.upstream());
  }

  @Override
  public Scope activate() {
    try {
      ExchangeTrace trace = trace();
      return SafeScope.activate(recorder::failed, trace == null ? null : trace.context());
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return SafeScope.NONE;
    }
  }

  @Override
  public @Nullable String traceId() {
    SpanContext context = spanContext();
    return context.isValid() ? context.getTraceId() : null;
  }

  @Override
  public @Nullable String spanId() {
    SpanContext context = spanContext();
    return context.isValid() ? context.getSpanId() : null;
  }

  private SpanContext spanContext() {
    try {
      ExchangeTrace trace = trace();
      return trace == null ? SpanContext.getInvalid() : trace.spanContext();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return SpanContext.getInvalid();
    }
  }
}
