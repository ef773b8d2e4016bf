package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Dimension.DIRECTION;
import static io.github.proxytelemetry.Dimension.SIDE;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Connection of either side. */
final class TallyConnection extends TallyObservation implements DownstreamObservation {
  private final String side;
  private final boolean downstream;
  private final List<TallyObservation> open = new ArrayList<>();
  private ConnectionPhase phase;
  private boolean established;

  TallyConnection(Tally tally, Side side) {
    super(tally);
    this.side = side.name().toLowerCase(Locale.ROOT);
    this.downstream = side == Side.DOWNSTREAM;
    if (downstream) {
      tally.add(1, Instrument.CONNECTIONS_TOTAL);
      tally.add(1, Instrument.CONNECTIONS_ACTIVE);
    }
  }

  @Override
  public void enter(ConnectionPhase next) {
    phaseOver();
    phase = next;
  }

  @Override
  public void established() {
    phaseOver();
    if (!downstream && !established) {
      tally.add(1, Instrument.CONNECT_LATENCY_SECONDS);
      tally.add(1, Instrument.UPSTREAM_CONNECTIONS_TOTAL);
      tally.add(1, Instrument.UPSTREAM_CONNECTIONS_ACTIVE);
    }
    established = true;
  }

  @Override
  public void bytesRead(long count) {
    tally.bytes(count, Instrument.CONNECTION_IO_BYTES_TOTAL, io("received"));
  }

  @Override
  public void bytesWritten(long count) {
    tally.bytes(count, Instrument.CONNECTION_IO_BYTES_TOTAL, io("sent"));
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return new TallyExchange(tally, request, this);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return startExchange(request);
  }

  synchronized void opened(TallyObservation observation) {
    open.add(observation);
  }

  @Override
  void over(Side failed, ProxyError error) {
    if (!downstream) {
      if (established) {
        tally.add(-1, Instrument.UPSTREAM_CONNECTIONS_ACTIVE);
        tally.add(1, Instrument.UPSTREAM_CONNECTIONS_DURATION_SECONDS);
      }
      return;
    }
    tally.add(-1, Instrument.CONNECTIONS_ACTIVE);
    tally.add(1, Instrument.CONNECTIONS_DURATION_SECONDS);
    if (!tally.makes(Tally.Mistake.IGNORES_THE_END_OF_CONNECTIONS)) {
      List<TallyObservation> left;
      synchronized (this) {
        left = List.copyOf(open);
      }
      left.forEach(TallyObservation::end);
    }
  }

  private void phaseOver() {
    if (phase == ConnectionPhase.TLS_HANDSHAKE) {
      tally.add(1, Instrument.TLS_HANDSHAKE_DURATION_SECONDS, Map.of(SIDE, side));
    }
    phase = null;
  }

  private Map<Dimension, String> io(String direction) {
    return Map.of(DIRECTION, direction, SIDE, side);
  }
}
