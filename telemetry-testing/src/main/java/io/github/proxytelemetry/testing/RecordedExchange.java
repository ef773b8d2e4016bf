package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record of one exchange. */
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
   * Returns the client connection of the exchange.
   *
   * @return the connection, or {@code null} in a host that does not expose connections
   */
  public @Nullable RecordedConnection connection() {
    return connection;
  }

  /**
   * Returns the route that the host matched.
   *
   * @return a template, or {@code null} if none was reported
   */
  public @Nullable String route() {
    return ledger.<@Nullable String>read(() -> route);
  }

  /**
   * Returns the noted errors in order; the first is the error of the exchange.
   *
   * @return the notes
   */
  public List<RecordedFailure> notes() {
    return ledger.read(() -> List.copyOf(notes));
  }

  /**
   * Returns the error of the exchange by the rule of the API: the first note, otherwise the error
   * of the terminal call.
   *
   * @return the error, or {@code null} if there was none
   */
  public @Nullable RecordedFailure blame() {
    return ledger.<@Nullable RecordedFailure>read(() -> notes.isEmpty() ? failure() : notes.get(0));
  }

  /**
   * Returns the attempts of the exchange.
   *
   * @return the attempts, in the order of their start
   */
  public List<RecordedAttempt> attempts() {
    return ledger.read(() -> List.copyOf(attempts));
  }

  /**
   * Returns the tunnel that the exchange became.
   *
   * @return the tunnel, or {@code null} if there was none
   */
  public @Nullable RecordedTunnel tunnel() {
    return ledger.<@Nullable RecordedTunnel>read(() -> tunnels.isEmpty() ? null : tunnels.get(0));
  }

  /**
   * Whether the end of the client connection ended it. An exchange without a complete response then
   * counts as aborted by the client; an adapter that knows another cause reports it before.
   *
   * @return {@code true} if no terminal call ended it before
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

  void recordRoute(String template) {
    event("route " + template, () -> route = template);
  }

  void recordNote(RecordedFailure note) {
    event("note " + note, () -> notes.add(note));
  }

  void recordAttempt(RecordedAttempt attempt) {
    ledger.write(() -> attempts.add(attempt));
  }

  void recordTunnel(RecordedTunnel tunnel) {
    ledger.write(() -> tunnels.add(tunnel));
    terminal("startTunnel " + tunnel.kind(), Terminal.TUNNELLED, null);
  }

  /** Whether the exchange is current on a thread. */
  boolean isCurrent() {
    return ledger.read(() -> openScopes != 0);
  }

  void recordScope(int opened) {
    ledger.write(() -> openScopes += opened);
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
