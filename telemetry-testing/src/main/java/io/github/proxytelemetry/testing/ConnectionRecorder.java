package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import java.net.SocketAddress;

/** Records a connection of either side; only a client's is asked for exchanges. */
final class ConnectionRecorder extends Recorder<RecordedConnection>
    implements DownstreamObservation {
  ConnectionRecorder(Starts starts, RecordedConnection told) {
    super(starts, told);
  }

  @Override
  public void enter(ConnectionPhase phase) {
    told.toldPhase(phase);
  }

  @Override
  public void established() {
    told.toldEstablished();
  }

  @Override
  public void bytesRead(long count) {
    told.toldBytesRead(count);
  }

  @Override
  public void bytesWritten(long count) {
    told.toldBytesWritten(count);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    told.toldClientAddress(client);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return starts.exchange(request, told);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return starts.exchange(request, told, receivedNanos);
  }
}
