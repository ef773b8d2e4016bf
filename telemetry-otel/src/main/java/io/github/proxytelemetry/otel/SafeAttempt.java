package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;

/** An attempt that keeps to itself what goes wrong in it, as {@link SafeExchange} does. */
final class SafeAttempt extends Attempt {
  private static final ConnectionObservation NO_CONNECTION = new ConnectionObservation() {};

  SafeAttempt(
      Recorder recorder,
      @Nullable Exchange exchange,
      Upstream upstream,
      @Nullable AttemptTrace span,
      @Nullable AttemptLayers layers) {
    super(recorder, exchange, upstream, span, layers);
  }

  @Override
  public ConnectionObservation startConnection() {
    try {
      return super.startConnection();
    } catch (Throwable thrown) {
      failed(thrown);
      return NO_CONNECTION;
    }
  }

  @Override
  public void connectionAcquired(boolean reused) {
    try {
      super.connectionAcquired(reused);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public <C> void inject(C headers, HeaderAccess<C> access) {
    try {
      super.inject(headers, access);
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    try {
      super.requestStarted(request);
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
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    try {
      super.responseReceived(status, headers, access, count);
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
  public void cancel() {
    try {
      super.cancel();
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
  public Scope activate() {
    try {
      return super.activate();
    } catch (Throwable thrown) {
      failed(thrown);
      return Exchange.NO_SCOPE;
    }
  }
}
