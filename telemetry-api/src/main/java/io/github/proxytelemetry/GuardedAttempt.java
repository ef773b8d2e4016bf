package io.github.proxytelemetry;

/** What {@link Guard} puts around an attempt. */
final class GuardedAttempt extends GuardedObservation<AttemptObservation>
    implements AttemptObservation {
  GuardedAttempt(AttemptObservation delegate, Guard guard) {
    super(delegate, guard);
  }

  @Override
  public ConnectionObservation startConnection() {
    try {
      return guard.guard(delegate.startConnection());
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Connection.INSTANCE;
    }
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
  public void connectionAcquired(boolean reused) {
    try {
      delegate.connectionAcquired(reused);
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
  public <C> void inject(C headers, HeaderAccess<C> access) {
    try {
      delegate.inject(headers, access);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void requestStarted(RequestInfo request) {
    try {
      delegate.requestStarted(request);
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
  public <C> void responseReceived(int status, C headers, HeaderAccess<C> access, long count) {
    try {
      delegate.responseReceived(status, headers, access, count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void cancel() {
    try {
      delegate.cancel();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }
}
