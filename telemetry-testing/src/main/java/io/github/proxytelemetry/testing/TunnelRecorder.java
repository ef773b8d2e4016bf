package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;

/** Tunnel whose events go into a {@link RecordedTunnel}. */
final class TunnelRecorder extends Recorder<RecordedTunnel> implements TunnelObservation {
  TunnelRecorder(Starts starts, RecordedTunnel recorded) {
    super(starts, recorded);
  }

  @Override
  public void bytesToUpstream(long count) {
    recorded.recordBytesToUpstream(count);
  }

  @Override
  public void bytesToDownstream(long count) {
    recorded.recordBytesToDownstream(count);
  }

  @Override
  public void closedBy(Side side) {
    recorded.recordClosedBy(side);
  }
}
