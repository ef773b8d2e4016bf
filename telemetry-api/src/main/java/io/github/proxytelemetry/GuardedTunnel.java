package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** Guarded tunnel, see {@link Guard}. */
final class GuardedTunnel extends GuardedObservation<TunnelObservation>
    implements TunnelObservation {
  /** The null check covers a back end that breaks the contract of its start methods. */
  static TunnelObservation around(@Nullable TunnelObservation observation, Failures failures) {
    return observation == null || observation == Noop.Tunnel.INSTANCE
        ? Noop.Tunnel.INSTANCE
        : new GuardedTunnel(observation, failures);
  }

  GuardedTunnel(TunnelObservation delegate, Failures failures) {
    super(delegate, failures);
  }

  @Override
  public void bytesToUpstream(long count) {
    try {
      delegate.bytesToUpstream(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void bytesToDownstream(long count) {
    try {
      delegate.bytesToDownstream(count);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }

  @Override
  public void closedBy(Side side) {
    try {
      delegate.closedBy(side);
    } catch (Throwable thrown) {
      failures.caught(thrown);
    }
  }
}
