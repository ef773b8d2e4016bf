package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.metrics.LateCall;
import io.github.proxytelemetry.otel.tracing.ExchangeTrace;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/**
 * Exchange whose calls catch what they throw. It does in one object what {@link
 * ProxyTelemetry#guarded} would do with a second one; calls that only set a field need no guard.
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
  public void handlingStarted() {
    try {
      super.handlingStarted();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    if (layers != null) {
      try {
        layers.requestBytes(count);
      } catch (Throwable thrown) {
        recorder.failed(thrown);
      }
    }
  }

  @Override
  public void requestEnd() {
    try {
      super.requestEnd();
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
      try {
        layers.responseBytes(count);
      } catch (Throwable thrown) {
        recorder.failed(thrown);
      }
    }
  }

  @Override
  public void responseEnd() {
    try {
      super.responseEnd();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void end() {
    try {
      super.end();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    try {
      super.fail(side, error, cause);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void discard() {
    try {
      super.discard();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  void connectionEnded() {
    try {
      super.connectionEnded();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    try {
      return super.startAttempt(upstream);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return ProxyTelemetry.noop().startAttempt(upstream);
    }
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    try {
      if ((set(TUNNELLED) & TUNNELLED) != 0) {
        recorder.late(LateCall.START);
        return Tunnel.NONE;
      }
      finish(null, null);
      return Tunnel.start(recorder, connection, kind);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return Tunnel.NONE;
    }
  }

  @Override
  public Scope activate() {
    try {
      ExchangeTrace trace = trace();
      return SafeScope.activate(recorder, trace == null ? null : trace.context());
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
