package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ObservationGuard;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.TunnelObservation;

/** For a host that puts no guard around the back end: it sees what goes wrong. */
enum NoGuard implements ObservationGuard {
  INSTANCE;

  @Override
  public void failed(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
  }

  @Override
  public ConnectionObservation guard(ConnectionObservation connection) {
    return connection;
  }

  @Override
  public TunnelObservation guard(TunnelObservation tunnel) {
    return tunnel;
  }

  @Override
  public Scope guard(Scope scope) {
    return scope;
  }
}
