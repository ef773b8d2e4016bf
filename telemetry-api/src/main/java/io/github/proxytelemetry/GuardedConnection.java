package io.github.proxytelemetry;

/** What {@link Guard} puts around a connection. */
class GuardedConnection<T extends ConnectionObservation> extends GuardedObservation<T>
    implements ConnectionObservation {
  GuardedConnection(T delegate, Guard guard) {
    super(delegate, guard);
  }

  @Override
  public void enter(ConnectionPhase phase) {
    try {
      delegate.enter(phase);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void established() {
    try {
      delegate.established();
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void bytesRead(long count) {
    try {
      delegate.bytesRead(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void bytesWritten(long count) {
    try {
      delegate.bytesWritten(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }
}
