package io.github.proxytelemetry;

import java.net.SocketAddress;

/** What {@link Guard} puts around a client's connection. */
final class GuardedDownstream extends GuardedConnection<DownstreamObservation>
    implements DownstreamObservation {
  GuardedDownstream(DownstreamObservation delegate, Guard guard) {
    super(delegate, guard);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    try {
      delegate.clientAddress(client);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    try {
      return guard.wrap(delegate.startExchange(request));
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Exchange.INSTANCE;
    }
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    try {
      return guard.wrap(delegate.startExchange(request, receivedNanos));
    } catch (Throwable thrown) {
      guard.failed(thrown);
      return Noop.Exchange.INSTANCE;
    }
  }
}
