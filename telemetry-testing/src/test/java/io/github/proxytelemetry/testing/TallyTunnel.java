package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import java.util.Locale;
import java.util.Map;

/** Tunnel. */
final class TallyTunnel extends TallyObservation implements TunnelObservation {
  private final Map<Dimension, String> kind;
  private boolean answered;

  TallyTunnel(Tally tally, TunnelKind kind) {
    super(tally);
    this.kind = Map.of(Dimension.KIND, kind.name().toLowerCase(Locale.ROOT));
    tally.add(1, Instrument.TUNNELS_ACTIVE, this.kind);
  }

  @Override
  public void bytesToUpstream(long count) {
    tally.bytes(count, Instrument.BYTES_SENT_TOTAL, Map.of());
  }

  @Override
  public void bytesToDownstream(long count) {
    if (!answered) {
      tally.add(1, Instrument.FIRST_BYTE_LATENCY_SECONDS);
    }
    answered = true;
    tally.bytes(count, Instrument.BYTES_RECEIVED_TOTAL, Map.of());
  }

  @Override
  void over(Side side, ProxyError error) {
    if (side == null || !tally.makes(Tally.Mistake.LEAKS_TUNNELS)) {
      tally.add(-1, Instrument.TUNNELS_ACTIVE, kind);
    }
    tally.add(1, Instrument.TUNNEL_DURATION_SECONDS, kind);
  }
}
