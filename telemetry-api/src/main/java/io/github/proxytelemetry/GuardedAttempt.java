package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Guarded attempt, see {@link Guard}.
 *
 * <p>Only the first terminal call is passed on. A host ends an attempt that it gives up, and the
 * adapter ends it when the connection is closed for that; neither knows of the other, so a repeated
 * end is no sign of a mistake.
 */
final class GuardedAttempt extends GuardedObservation<AttemptObservation>
    implements AttemptObservation {
  private boolean ended;

  /** The null check covers a back end that breaks the contract of its start methods. */
  static AttemptObservation around(@Nullable AttemptObservation observation, Failures failures) {
    return observation == null || observation == Noop.Attempt.INSTANCE
        ? Noop.Attempt.INSTANCE
        : new GuardedAttempt(observation, failures);
  }

  GuardedAttempt(AttemptObservation delegate, Failures failures) {
    super(delegate, failures);
  }

  @Override
  public ConnectionObservation startConnection() {
    if (failures.isOpen()) {
      return Noop.Connection.INSTANCE;
    }
    try {
      return GuardedConnection.around(delegate.startConnection(), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Connection.INSTANCE;
    }
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
  public void connectionAcquired(boolean reused) {
    try {
      delegate.connectionAcquired(reused);
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
  public <C> void inject(C headers, HeaderAccess<C> access) {
    try {
      delegate.inject(headers, access);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    try {
      delegate.requestStarted(request);
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
  public <C> void requestTrailers(C trailers, HeaderAccess<C> access) {
    try {
      delegate.requestTrailers(trailers, access);
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
  public void protocolVersion(String version) {
    try {
      delegate.protocolVersion(version);
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
  public <C> void responseTrailers(C trailers, HeaderAccess<C> access) {
    try {
      delegate.responseTrailers(trailers, access);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void responseEnd() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      delegate.responseEnd();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void responseRestReceived(long count) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      delegate.responseRestReceived(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      delegate.responseReceived(status, headers, access, count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void cancel() {
    if (ended) {
      return;
    }
    ended = true;
    try {
      delegate.cancel();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      super.end();
    }
  }

  @Override
  public void fail(Side side, ProxyError error, @Nullable Throwable cause) {
    if (!ended) {
      ended = true;
      super.fail(side, error, cause);
    }
  }
}
