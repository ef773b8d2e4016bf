package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that keeps to itself what goes wrong in it: the guard that {@link
 * ProxyTelemetry#guarded} would put around it, in the same object. What only sets a field is left
 * as it is.
 */
final class SafeExchange extends Exchange {
  SafeExchange(
      Recorder recorder,
      @Nullable Downstream connection,
      int place,
      @Nullable ExchangeLayers layers,
      long receivedNanos,
      @Nullable ExchangeTrace span) {
    super(recorder, connection, place, layers, receivedNanos, span);
  }

  @Override
  public void handlingStarted() {
    try {
      super.handlingStarted();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    try {
      super.requestBytes(count);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void requestEnd() {
    try {
      super.requestEnd();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    try {
      super.responseStarted(status, headers, access);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void responseBytes(long count) {
    try {
      super.responseBytes(count);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void responseEnd() {
    try {
      super.responseEnd();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void end() {
    try {
      super.end();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    try {
      super.fail(side, error, cause);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void discard() {
    try {
      super.discard();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  void connectionEnded() {
    try {
      super.connectionEnded();
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    try {
      return super.startAttempt(upstream);
    } catch (Throwable thrown) {
      failed(thrown);
      return SkippedExchange.NO_ATTEMPT;
    }
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    try {
      return super.startTunnel(kind);
    } catch (Throwable thrown) {
      failed(thrown);
      return Tunnel.NONE;
    }
  }

  @Override
  public Scope activate() {
    try {
      return super.activate();
    } catch (Throwable thrown) {
      failed(thrown);
      return NO_SCOPE;
    }
  }

  @Override
  public @Nullable String traceId() {
    try {
      return super.traceId();
    } catch (Throwable thrown) {
      failed(thrown);
      return null;
    }
  }

  @Override
  public @Nullable String spanId() {
    try {
      return super.spanId();
    } catch (Throwable thrown) {
      failed(thrown);
      return null;
    }
  }
}
