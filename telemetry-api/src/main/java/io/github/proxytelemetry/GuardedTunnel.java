package io.github.proxytelemetry;

/** What {@link Guard} puts around a tunnel. */
final class GuardedTunnel extends GuardedObservation<TunnelObservation>
    implements TunnelObservation {
  GuardedTunnel(TunnelObservation delegate, Guard guard) {
    super(delegate, guard);
  }

  @Override
  public void bytesToUpstream(long count) {
    try {
      delegate.bytesToUpstream(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void bytesToDownstream(long count) {
    try {
      delegate.bytesToDownstream(count);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }

  @Override
  public void closedBy(Side side) {
    try {
      delegate.closedBy(side);
    } catch (Throwable thrown) {
      guard.failed(thrown);
    }
  }
}
