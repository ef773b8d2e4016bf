package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** What {@link Guard} puts around an exchange. */
final class GuardedExchange extends GuardedObservation<ExchangeObservation>
    implements ExchangeObservation {
  GuardedExchange(ExchangeObservation delegate, Guard guard) {
    super(delegate, guard);
  }

  @Override
  public void route(String template) {
    try {
      delegate.route(template);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void handlingStarted() {
    try {
      delegate.handlingStarted();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    try {
      delegate.requestBytes(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void requestEnd() {
    try {
      delegate.requestEnd();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void informational(int status) {
    try {
      delegate.informational(status);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    try {
      delegate.responseStarted(status, headers, access);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void responseBytes(long count) {
    try {
      delegate.responseBytes(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void responseEnd() {
    try {
      delegate.responseEnd();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    try {
      delegate.note(side, error, cause);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void discard() {
    try {
      delegate.discard();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public Scope activate() {
    try {
      return guard.guard(delegate.activate());
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Activation.INSTANCE;
    }
  }

  @Override
  public @Nullable String traceId() {
    try {
      return delegate.traceId();
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return null;
    }
  }

  @Override
  public @Nullable String spanId() {
    try {
      return delegate.spanId();
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return null;
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    try {
      return guard.wrap(delegate.startAttempt(upstream));
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Attempt.INSTANCE;
    }
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    try {
      return guard.guard(delegate.startTunnel(kind));
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Tunnel.INSTANCE;
    }
  }
}
