package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** Guarded connection, see {@link Guard}. */
class GuardedConnection<T extends ConnectionObservation> extends GuardedObservation<T>
    implements ConnectionObservation {
  /** The null check covers a back end that breaks the contract of its start methods. */
  static ConnectionObservation around(
      @Nullable ConnectionObservation observation, Failures failures) {
    return observation == null || observation == Noop.Connection.INSTANCE
        ? Noop.Connection.INSTANCE
        : new GuardedConnection<>(observation, failures);
  }

  GuardedConnection(T delegate, Failures failures) {
    super(delegate, failures);
  }

  @Override
  public void enter(ConnectionPhase phase) {
    try {
      delegate.enter(phase);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void established() {
    try {
      delegate.established();
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void bytesRead(long count) {
    try {
      delegate.bytesRead(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void bytesWritten(long count) {
    try {
      delegate.bytesWritten(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }
}
