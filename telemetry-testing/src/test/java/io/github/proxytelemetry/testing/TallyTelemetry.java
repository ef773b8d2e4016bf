package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import java.net.SocketAddress;

/** Smallest back end that passes the contract; it does not measure time. */
record TallyTelemetry(Tally tally) implements ProxyTelemetry {
  @Override
  public DownstreamObservation startDownstreamConnection(SocketAddress local, SocketAddress peer) {
    return new TallyConnection(tally, Side.DOWNSTREAM);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return new TallyExchange(tally, request, null);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return startExchange(request);
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return new TallyAttempt(tally);
  }

  @Override
  public ConnectionObservation startUpstreamConnection(Upstream upstream) {
    return new TallyConnection(tally, Side.UPSTREAM);
  }
}
