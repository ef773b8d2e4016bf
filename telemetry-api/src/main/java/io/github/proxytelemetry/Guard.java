package io.github.proxytelemetry;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a back end throws away from the host's traffic.
 *
 * <p>Every observation is wrapped in one small object, unless the back end catches by itself, and
 * nothing else is allocated: there is no lambda per event. Errors are caught as well as exceptions,
 * because a missing class or a deep recursion in a back end is no reason to end a user's
 * connection.
 */
final class Guard implements ProxyTelemetry, ObservationGuard {
  /** Enough to be sure that it is no accident, few enough to be cheap. */
  static final int MAX_FAILURES = 100;

  private final ProxyTelemetry delegate;
  private final Consumer<String> log;
  private final boolean wrapsExchanges;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean tripped;

  static ProxyTelemetry around(ProxyTelemetry telemetry) {
    Objects.requireNonNull(telemetry, "telemetry");
    if (telemetry instanceof Guard) {
      return telemetry;
    }
    System.Logger logger = System.getLogger(ProxyTelemetry.class.getName());
    return around(telemetry, message -> logger.log(System.Logger.Level.ERROR, message));
  }

  static ProxyTelemetry around(ProxyTelemetry telemetry, Consumer<String> log) {
    return telemetry.isEnabled() ? new Guard(telemetry, log) : ProxyTelemetry.noop();
  }

  private Guard(ProxyTelemetry delegate, Consumer<String> log) {
    this.delegate = delegate;
    this.log = log;
    this.wrapsExchanges = !delegate.guardsExchanges(this);
  }

  @Override
  public DownstreamObservation startDownstreamConnection(
      @Nullable SocketAddress local, @Nullable SocketAddress peer) {
    if (tripped) {
      return Noop.Downstream.INSTANCE;
    }
    try {
      return wrap(delegate.startDownstreamConnection(local, peer));
    } catch (Throwable thrown) {
      failed(thrown);
      return Noop.Downstream.INSTANCE;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    if (tripped) {
      return Noop.Exchange.INSTANCE;
    }
    try {
      return wrap(delegate.startExchange(request));
    } catch (Throwable thrown) {
      failed(thrown);
      return Noop.Exchange.INSTANCE;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    if (tripped) {
      return Noop.Exchange.INSTANCE;
    }
    try {
      return wrap(delegate.startExchange(request, receivedNanos));
    } catch (Throwable thrown) {
      failed(thrown);
      return Noop.Exchange.INSTANCE;
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    if (tripped) {
      return Noop.Attempt.INSTANCE;
    }
    try {
      return wrap(delegate.startAttempt(upstream));
    } catch (Throwable thrown) {
      failed(thrown);
      return Noop.Attempt.INSTANCE;
    }
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    if (tripped) {
      return Noop.Connection.INSTANCE;
    }
    try {
      return guard(delegate.startUpstreamConnection(upstream));
    } catch (Throwable thrown) {
      failed(thrown);
      return Noop.Connection.INSTANCE;
    }
  }

  boolean isTripped() {
    return tripped;
  }

  /** The log names the class only: its message may carry a user's data. */
  @Override
  public void failed(Throwable thrown) {
    int count = failures.incrementAndGet();
    try {
      delegate.swallowed(thrown);
    } catch (Throwable again) {
      // Counted already, as what it was told of.
    }
    if (count == 1) {
      report("A telemetry back end threw " + thrown.getClass().getName() + "; traffic goes on.");
    } else if (count == MAX_FAILURES) {
      tripped = true;
      report(
          "A telemetry back end threw "
              + MAX_FAILURES
              + " times, at last "
              + thrown.getClass().getName()
              + "; it is switched off.");
    }
  }

  // The null checks stand for a back end that breaks the contract of the starts.

  DownstreamObservation wrap(@Nullable DownstreamObservation observation) {
    return observation == null || observation == Noop.Downstream.INSTANCE
        ? Noop.Downstream.INSTANCE
        : new GuardedDownstream(observation, this);
  }

  ExchangeObservation wrap(@Nullable ExchangeObservation observation) {
    if (observation == null || observation == Noop.Exchange.INSTANCE) {
      return Noop.Exchange.INSTANCE;
    }
    return wrapsExchanges ? new GuardedExchange(observation, this) : observation;
  }

  AttemptObservation wrap(@Nullable AttemptObservation observation) {
    if (observation == null || observation == Noop.Attempt.INSTANCE) {
      return Noop.Attempt.INSTANCE;
    }
    return wrapsExchanges ? new GuardedAttempt(observation, this) : observation;
  }

  @Override
  public ConnectionObservation guard(@Nullable ConnectionObservation observation) {
    return observation == null || observation == Noop.Connection.INSTANCE
        ? Noop.Connection.INSTANCE
        : new GuardedConnection<>(observation, this);
  }

  @Override
  public TunnelObservation guard(@Nullable TunnelObservation observation) {
    return observation == null || observation == Noop.Tunnel.INSTANCE
        ? Noop.Tunnel.INSTANCE
        : new GuardedTunnel(observation, this);
  }

  @Override
  public Scope guard(@Nullable Scope scope) {
    return scope == null || scope == Noop.Activation.INSTANCE
        ? Noop.Activation.INSTANCE
        : new GuardedScope(scope, this);
  }

  private void report(String message) {
    try {
      log.accept(message);
    } catch (RuntimeException ignored) {
      // A logger that throws is treated like a back end that throws.
    }
  }
}
