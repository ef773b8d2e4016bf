package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.Side;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one connection was told: a client's, or one that the proxy dialled. */
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
   * The side of the proxy it is on.
   *
   * @return {@link Side#DOWNSTREAM} for a client's connection, {@link Side#UPSTREAM} for a dial
   */
  public Side side() {
    return side;
  }

  /**
   * The client's address.
   *
   * @return the address as it was told, or {@code null} where none was
   */
  public @Nullable SocketAddress peer() {
    return ledger.read(() -> peer);
  }

  /**
   * The phases that were entered.
   *
   * @return the phases, in order
   */
  public List<ConnectionPhase> phases() {
    return ledger.read(() -> List.copyOf(phases));
  }

  /**
   * Whether it was usable at some time.
   *
   * @return whether that was told
   */
  public boolean established() {
    return ledger.read(() -> established);
  }

  /**
   * What came in from the network.
   *
   * @return bytes
   */
  public long bytesRead() {
    return ledger.read(() -> bytesRead);
  }

  /**
   * What went out to the network.
   *
   * @return bytes
   */
  public long bytesWritten() {
    return ledger.read(() -> bytesWritten);
  }

  /**
   * The exchanges that came on it.
   *
   * @return the exchanges, in the order of their start
   */
  public List<RecordedExchange> exchanges() {
    return ledger.read(() -> List.copyOf(exchanges));
  }

  void toldPhase(ConnectionPhase phase) {
    fact("enter " + phase, () -> phases.add(phase));
  }

  void toldClientAddress(SocketAddress client) {
    fact("clientAddress", () -> peer = client);
  }

  void toldEstablished() {
    fact("established", () -> established = true);
  }

  void toldBytesRead(long count) {
    bytes("bytes read", count, () -> bytesRead += count);
  }

  void toldBytesWritten(long count) {
    bytes("bytes written", count, () -> bytesWritten += count);
  }

  void toldExchange(RecordedExchange exchange) {
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
