package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** Guarded exchange, see {@link Guard}. */
final class GuardedExchange extends GuardedObservation<ExchangeObservation>
    implements ExchangeObservation {
  /** The null check covers a back end that breaks the contract of its start methods. */
  static ExchangeObservation around(@Nullable ExchangeObservation observation, Failures failures) {
    return observation == null || observation == Noop.Exchange.INSTANCE
        ? Noop.Exchange.INSTANCE
        : new GuardedExchange(observation, failures);
  }

  GuardedExchange(ExchangeObservation delegate, Failures failures) {
    super(delegate, failures);
  }

  @Override
  public void route(String template) {
    try {
      delegate.route(template);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void handlingStarted() {
    try {
      delegate.handlingStarted();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void requestBytes(long count) {
    try {
      delegate.requestBytes(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void requestEnd() {
    try {
      delegate.requestEnd();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public <C> void informational(int status, C headers, HeaderAccess<C> access) {
    try {
      delegate.informational(status, headers, access);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    try {
      delegate.responseTrailers(trailers, access);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void informational(int status) {
    try {
      delegate.informational(status);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    try {
      delegate.responseStarted(status, headers, access);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void responseBytes(long count) {
    try {
      delegate.responseBytes(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void responseEnd() {
    try {
      delegate.responseEnd();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void note(Side side, ProxyError error, @Nullable Throwable cause) {
    try {
      delegate.note(side, error, cause);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void discard() {
    try {
      delegate.discard();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public Scope activate() {
    try {
      return GuardedScope.around(delegate.activate(), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Activation.INSTANCE;
    }
  }

  @Override
  public @Nullable String traceId() {
    try {
      return delegate.traceId();
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return null;
    }
  }

  @Override
  public @Nullable String spanId() {
    try {
      return delegate.spanId();
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return null;
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    if (failures.isOpen()) {
      return Noop.Attempt.INSTANCE;
    }
    try {
      return GuardedAttempt.around(delegate.startAttempt(upstream), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Attempt.INSTANCE;
    }
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    try {
      return GuardedTunnel.around(delegate.startTunnel(kind), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Tunnel.INSTANCE;
    }
  }
}
