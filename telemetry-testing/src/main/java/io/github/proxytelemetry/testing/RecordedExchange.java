package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one exchange was told. */
public final class RecordedExchange extends RecordedMessages {
  private final @Nullable RecordedConnection connection;
  private final String traceId;
  private final String spanId;
  private final List<RecordedFailure> notes = new ArrayList<>();
  private final List<RecordedAttempt> attempts = new ArrayList<>();
  private final List<RecordedTunnel> tunnels = new ArrayList<>();
  private @Nullable String route;
  private boolean endedByConnection;
  private int openScopes;

  RecordedExchange(
      Ledger ledger, String id, RequestInfo request, @Nullable RecordedConnection connection) {
    super(ledger, id);
    this.connection = connection;
    this.traceId = ledger.nextTraceId();
    this.spanId = ledger.nextSpanId();
    request(request);
  }

  /**
   * The client's connection it came on.
   *
   * @return the connection, or {@code null} for a host that shows none
   */
  public @Nullable RecordedConnection connection() {
    return connection;
  }

  /**
   * The route that the host matched.
   *
   * @return a template, or {@code null} where none was told
   */
  public @Nullable String route() {
    return ledger.<@Nullable String>read(() -> route);
  }

  /**
   * What was noted, in order; the first counts.
   *
   * @return the notes
   */
  public List<RecordedFailure> notes() {
    return ledger.read(() -> List.copyOf(notes));
  }

  /**
   * What went wrong by the rule of the API: the first note, else what the terminal call named.
   *
   * @return the blame, or {@code null} where nothing went wrong
   */
  public @Nullable RecordedFailure blame() {
    return ledger.<@Nullable RecordedFailure>read(() -> notes.isEmpty() ? failure() : notes.get(0));
  }

  /**
   * The attempts that were made for it.
   *
   * @return the attempts, in the order of their start
   */
  public List<RecordedAttempt> attempts() {
    return ledger.read(() -> List.copyOf(attempts));
  }

  /**
   * The tunnel that took its place.
   *
   * @return the tunnel, or {@code null} where there was none
   */
  public @Nullable RecordedTunnel tunnel() {
    return ledger.<@Nullable RecordedTunnel>read(() -> tunnels.isEmpty() ? null : tunnels.get(0));
  }

  /**
   * Whether it was over only because its connection was. A host that knows better says so before;
   * else an exchange without its response was given up by the client.
   *
   * @return whether nothing else ended it
   */
  public boolean endedByConnection() {
    return ledger.read(() -> endedByConnection);
  }

  String traceId() {
    return traceId;
  }

  String spanId() {
    return spanId;
  }

  void toldRoute(String template) {
    fact("route " + template, () -> route = template);
  }

  void toldNote(RecordedFailure note) {
    fact("note " + note, () -> notes.add(note));
  }

  void toldAttempt(RecordedAttempt attempt) {
    ledger.write(() -> attempts.add(attempt));
  }

  void toldTunnel(RecordedTunnel tunnel) {
    ledger.write(() -> tunnels.add(tunnel));
    terminal("startTunnel " + tunnel.kind(), Terminal.TUNNELLED, null);
  }

  /** Whether it is the current one of a thread. */
  boolean isCurrent() {
    return ledger.read(() -> openScopes != 0);
  }

  void toldScope(int opened) {
    ledger.write(() -> openScopes += opened);
  }

  /** Called with the lock held. */
  void connectionEnded(RecordedConnection ended, @Nullable RecordedFailure why) {
    if (isOpen()) {
      endedByConnection = true;
      add("ended by " + ended.id());
      if (responseEnded()) {
        over(Terminal.ENDED, null);
      } else {
        over(Terminal.FAILED, new RecordedFailure(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null));
      }
    }
    tunnels.forEach(tunnel -> tunnel.connectionEnded(ended, why));
  }

  @Override
  void sideEnded() {
    if (requestEnded() && responseEnded()) {
      over(Terminal.ENDED, null);
    }
  }

  @Override
  void check(List<String> violations) {
    super.check(violations);
    if (openScopes != 0) {
      violations.add(id() + " has " + openScopes + " open scopes");
    }
    if (tunnels.size() > 1) {
      violations.add(id() + " became " + tunnels.size() + " tunnels");
    }
  }
}
