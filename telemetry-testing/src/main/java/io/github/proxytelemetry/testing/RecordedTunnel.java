package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of one tunnel. */
public final class RecordedTunnel extends RecordedObservation {
  private final RecordedExchange exchange;
  private final TunnelKind kind;
  private long bytesToUpstream;
  private long bytesToDownstream;
  private @Nullable Side closedBy;
  private boolean endedByConnection;

  RecordedTunnel(Ledger ledger, String id, TunnelKind kind, RecordedExchange exchange) {
    super(ledger, id);
    this.kind = kind;
    this.exchange = exchange;
  }

  /**
   * Returns the exchange that opened the tunnel.
   *
   * @return the exchange
   */
  public RecordedExchange exchange() {
    return exchange;
  }

  /**
   * Returns the kind of tunnel.
   *
   * @return the kind
   */
  public TunnelKind kind() {
    return kind;
  }

  /**
   * Returns the bytes relayed from the client to the destination.
   *
   * @return number of bytes
   */
  public long bytesToUpstream() {
    return ledger.read(() -> bytesToUpstream);
  }

  /**
   * Returns the bytes relayed from the destination to the client.
   *
   * @return number of bytes
   */
  public long bytesToDownstream() {
    return ledger.read(() -> bytesToDownstream);
  }

  /**
   * Returns the side that finished first.
   *
   * @return the first side reported by {@code closedBy}, or {@code null}
   */
  public @Nullable Side closedBy() {
    return ledger.<@Nullable Side>read(() -> closedBy);
  }

  /**
   * Whether the end of the client connection ended it.
   *
   * @return {@code true} if no terminal call ended it before
   */
  public boolean endedByConnection() {
    return ledger.read(() -> endedByConnection);
  }

  void recordBytesToUpstream(long count) {
    bytes("bytes to upstream", count, () -> bytesToUpstream += count);
  }

  void recordBytesToDownstream(long count) {
    bytes("bytes to downstream", count, () -> bytesToDownstream += count);
  }

  void recordClosedBy(Side side) {
    event(
        "closedBy " + side,
        () -> {
          if (closedBy == null) {
            closedBy = side;
          }
        });
  }

  @Override
  boolean racesWithItsEnd() {
    return endedByConnection;
  }

  /** Called with the lock held. */
  void connectionEnded(RecordedConnection ended, @Nullable RecordedFailure why) {
    if (isOpen()) {
      endedByConnection = true;
      add("ended by " + ended.id());
      over(why == null ? Terminal.ENDED : Terminal.FAILED, why);
    }
  }

  @Override
  void check(List<String> violations) {}
}
