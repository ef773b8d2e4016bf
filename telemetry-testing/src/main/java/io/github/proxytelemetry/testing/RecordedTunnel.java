package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one tunnel was told. */
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
   * The exchange that it took the place of.
   *
   * @return the exchange
   */
  public RecordedExchange exchange() {
    return exchange;
  }

  /**
   * How it came to be.
   *
   * @return the kind
   */
  public TunnelKind kind() {
    return kind;
  }

  /**
   * What went from the client to the destination.
   *
   * @return bytes
   */
  public long bytesToUpstream() {
    return ledger.read(() -> bytesToUpstream);
  }

  /**
   * What went from the destination to the client.
   *
   * @return bytes
   */
  public long bytesToDownstream() {
    return ledger.read(() -> bytesToDownstream);
  }

  /**
   * The side that finished first.
   *
   * @return the first side told, or {@code null} where none was
   */
  public @Nullable Side closedBy() {
    return ledger.<@Nullable Side>read(() -> closedBy);
  }

  /**
   * Whether it was over only because the client's connection was.
   *
   * @return whether nothing else ended it
   */
  public boolean endedByConnection() {
    return ledger.read(() -> endedByConnection);
  }

  void toldBytesToUpstream(long count) {
    bytes("bytes to upstream", count, () -> bytesToUpstream += count);
  }

  void toldBytesToDownstream(long count) {
    bytes("bytes to downstream", count, () -> bytesToDownstream += count);
  }

  void toldClosedBy(Side side) {
    fact(
        "closedBy " + side,
        () -> {
          if (closedBy == null) {
            closedBy = side;
          }
        });
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
