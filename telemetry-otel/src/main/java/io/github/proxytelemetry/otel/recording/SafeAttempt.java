package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.tracing.AttemptTrace;
import org.jspecify.annotations.Nullable;

/** Attempt whose calls catch what they throw, as those of {@link SafeExchange} do. */
final class SafeAttempt extends Attempt {
  private static final ConnectionObservation NO_CONNECTION = new ConnectionObservation() {};

  SafeAttempt(
      Recorder recorder,
      @Nullable Exchange exchange,
      Upstream upstream,
      @Nullable AttemptTrace trace,
      @Nullable AttemptLayers layers) {
    super(recorder, exchange, upstream, trace, layers);
  }

  @Override
  public ConnectionObservation startConnection() {
    try {
      return super.startConnection();
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return NO_CONNECTION;
    }
  }

  @Override
  public void connectionAcquired(boolean reused) {
    try {
      super.connectionAcquired(reused);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    try {
      super.inject(headers, access);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    try {
      super.requestStarted(request);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    try {
      super.requestBytes(count);
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
    try {
      super.responseBytes(count);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    try {
      super.responseReceived(status, headers, access, count);
    } catch (Throwable thrown) {
      recorder.failed(thrown);
    }
  }

  @Override
  public void responseEnd() {
    end();
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
  public void cancel() {
    try {
      super.cancel();
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
  public Scope activate() {
    try {
      return SafeScope.activate(recorder, context());
    } catch (Throwable thrown) {
      recorder.failed(thrown);
      return SafeScope.NONE;
    }
  }
}
