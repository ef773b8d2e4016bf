package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelObservation;

final class TunnelRecorder extends Recorder<RecordedTunnel> implements TunnelObservation {
  TunnelRecorder(Starts starts, RecordedTunnel told) {
    super(starts, told);
  }

  @Override
  public void bytesToUpstream(long count) {
    told.toldBytesToUpstream(count);
  }

  @Override
  public void bytesToDownstream(long count) {
    told.toldBytesToDownstream(count);
  }

  @Override
  public void closedBy(Side side) {
    told.toldClosedBy(side);
  }
}
