package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.RequestInfo;
import java.net.SocketAddress;

/** Connection of either side whose events go into a {@link RecordedConnection}. */
final class ConnectionRecorder extends Recorder<RecordedConnection>
    implements DownstreamObservation {
  ConnectionRecorder(Starts starts, RecordedConnection recorded) {
    super(starts, recorded);
  }

  @Override
  public void enter(ConnectionPhase phase) {
    recorded.recordPhase(phase);
  }

  @Override
  public void established() {
    recorded.recordEstablished();
  }

  @Override
  public void bytesRead(long count) {
    recorded.recordBytesRead(count);
  }

  @Override
  public void bytesWritten(long count) {
    recorded.recordBytesWritten(count);
  }

  @Override
  public void clientAddress(SocketAddress client) {
    recorded.recordClientAddress(client);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request) {
    return starts.exchange(request, recorded);
  }

  @Override
  public ExchangeObservation startExchange(RequestInfo request, long receivedNanos) {
    return starts.exchange(request, recorded, receivedNanos);
  }
}
