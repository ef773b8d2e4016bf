package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Side;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of one connection: a client connection, or one that the proxy opened. */
public final class RecordedConnection extends RecordedObservation {
  private final Side side;
  private @Nullable SocketAddress peer;
  private final List<ConnectionPhase> phases = new ArrayList<>();
  private final List<RecordedExchange> exchanges = new ArrayList<>();
  private boolean established;
  private long bytesRead;
  private long bytesWritten;

  RecordedConnection(Ledger ledger, String id, Side side, @Nullable SocketAddress peer) {
    super(ledger, id);
    this.side = side;
    this.peer = peer;
  }

  /**
   * Returns the side of the connection.
   *
   * @return {@link Side#DOWNSTREAM} for a client connection, {@link Side#UPSTREAM} for one that the
   *     proxy opened
   */
  public Side side() {
    return side;
  }

  /**
   * Returns the client's address.
   *
   * @return the reported address, or {@code null} if there was none
   */
  public @Nullable SocketAddress peer() {
    return ledger.read(() -> peer);
  }

  /**
   * Returns the phases that were entered.
   *
   * @return the phases in order
   */
  public List<ConnectionPhase> phases() {
    return ledger.read(() -> List.copyOf(phases));
  }

  /**
   * Whether the connection was established.
   *
   * @return whether {@code established} was called
   */
  public boolean established() {
    return ledger.read(() -> established);
  }

  /**
   * Returns the bytes read from the network.
   *
   * @return number of bytes
   */
  public long bytesRead() {
    return ledger.read(() -> bytesRead);
  }

  /**
   * Returns the bytes written to the network.
   *
   * @return number of bytes
   */
  public long bytesWritten() {
    return ledger.read(() -> bytesWritten);
  }

  /**
   * Returns the exchanges on the connection.
   *
   * @return the exchanges in the order of their start
   */
  public List<RecordedExchange> exchanges() {
    return ledger.read(() -> List.copyOf(exchanges));
  }

  void recordPhase(ConnectionPhase phase) {
    event("enter " + phase, () -> phases.add(phase));
  }

  void recordClientAddress(SocketAddress client) {
    event("clientAddress", () -> peer = client);
  }

  void recordEstablished() {
    event("established", () -> established = true);
  }

  void recordBytesRead(long count) {
    bytes("bytes read", count, () -> bytesRead += count);
  }

  void recordBytesWritten(long count) {
    bytes("bytes written", count, () -> bytesWritten += count);
  }

  void recordExchange(RecordedExchange exchange) {
    ledger.write(() -> exchanges.add(exchange));
  }

  @Override
  void over(Terminal how, @Nullable RecordedFailure why) {
    super.over(how, why);
    exchanges.forEach(exchange -> exchange.connectionEnded(this, why));
  }

  @Override
  void check(List<String> violations) {}
}
