package io.github.proxytelemetry;

import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decorator that keeps the exceptions of a back end away from the host's traffic.
 *
 * <p>Each observation is wrapped in one small object; no call allocates more, as there is no lambda
 * per event. {@link Error}s are caught like exceptions: a missing class or a deep recursion in a
 * back end must not close a user's connection.
 *
 * <p>While the {@link CircuitBreaker} is open, starts return no-op observations. Observations that
 * are open then still receive their events: without their end, gauges of open exchanges would never
 * return to zero.
 */
final class Guard implements ProxyTelemetry {
  private final ProxyTelemetry delegate;
  private final Failures failures;

  static ProxyTelemetry around(ProxyTelemetry telemetry) {
    Objects.requireNonNull(telemetry, "telemetry");
    if (!telemetry.isEnabled()) {
      return NoopTelemetry.INSTANCE;
    }
    return telemetry.isGuarded()
        ? telemetry
        : new Guard(telemetry, CircuitBreaker.create("telemetry back end"));
  }

  Guard(ProxyTelemetry delegate, CircuitBreaker breaker) {
    this.delegate = delegate;
    this.failures = new Failures(breaker, delegate::swallowed);
  }

  @Override
  public boolean isGuarded() {
    return true;
  }

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    if (failures.isOpen()) {
      return Noop.Downstream.INSTANCE;
    }
    try {
      return GuardedDownstream.around(delegate.startDownstreamConnection(local, peer), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Downstream.INSTANCE;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    if (failures.isOpen()) {
      return Noop.Exchange.INSTANCE;
    }
    try {
      return GuardedExchange.around(delegate.startExchange(request), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Exchange.INSTANCE;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    if (failures.isOpen()) {
      return Noop.Exchange.INSTANCE;
    }
    try {
      return GuardedExchange.around(delegate.startExchange(request, receivedNanos), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Exchange.INSTANCE;
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
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    if (failures.isOpen()) {
      return Noop.Connection.INSTANCE;
    }
    try {
      return GuardedConnection.around(delegate.startUpstreamConnection(upstream), failures);
    } catch (Throwable thrown) {
      failures.caught(thrown);
      return Noop.Connection.INSTANCE;
    }
  }

  /** Failures of an adapter spend the same budget: to the host they are failures of telemetry. */
  @Override
  public void swallowed(Throwable thrown) {
    failures.caught(thrown);
  }
}
