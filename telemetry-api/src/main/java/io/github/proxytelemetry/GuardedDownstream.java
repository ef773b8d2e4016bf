package io.github.proxytelemetry;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Guarded connection of a client, see {@link Guard}. */
final class GuardedDownstream extends GuardedConnection<DownstreamObservation>
    implements DownstreamObservation {
  /** The null check covers a back end that breaks the contract of its start methods. */
  static DownstreamObservation around(
      @Nullable DownstreamObservation observation, Failures failures) {
    return observation == null || observation == Noop.Downstream.INSTANCE
        ? Noop.Downstream.INSTANCE
        : new GuardedDownstream(observation, failures);
  }

  GuardedDownstream(DownstreamObservation delegate, Failures failures) {
    super(delegate, failures);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    try {
      delegate.clientAddress(client);
    } catch (Throwable thrown) {
      failures.caught(thrown);
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
}
