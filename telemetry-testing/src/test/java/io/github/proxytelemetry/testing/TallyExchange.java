package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.TunnelObservation;
import io.github.proxytelemetry.Upstream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Exchange, counted when it ends, because it may be discarded before. */
final class TallyExchange extends TallyObservation implements ExchangeObservation {
  private static final Set<String> METHODS =
      Set.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

  private final TallyConnection connection;
  private final String method;
  private boolean handled;
  private boolean requestEnded;
  private boolean responseEnded;
  private int status;
  private Side side;
  private ProxyError error;

  TallyExchange(Tally tally, RequestInfo request, TallyConnection connection) {
    super(tally);
    this.connection = connection;
    String reported = request.method();
    if (tally.makes(Tally.Mistake.THROWS_ON_NULL)) {
      reported = reported.strip();
    }
    boolean known =
        reported != null
            && (METHODS.contains(reported) || tally.makes(Tally.Mistake.LABELS_BY_ANY_METHOD));
    this.method = known ? reported : "_OTHER";
    tally.add(1, Instrument.REQUESTS_IN_PROGRESS);
    if (connection != null) {
      connection.opened(this);
    }
  }

  @Override
  public void handlingStarted() {
    if (!handled && !isOver()) {
      tally.add(1, Instrument.QUEUE_DURATION_SECONDS);
    }
    handled = true;
  }

  @Override
  public void requestEnd() {
    requestEnded = true;
    endWhenComplete();
  }

  @Override
  public <C> void responseStarted(int reported, C headers, HeaderAccess<C> access) {
    boolean valid = reported >= 100 && reported <= 599;
    if (status == 0 && (valid || tally.makes(Tally.Mistake.LABELS_BY_ANY_STATUS)) && !isOver()) {
      status = reported;
      tally.add(1, Instrument.PROCESSING_DURATION_SECONDS);
    }
  }

  @Override
  public void responseEnd() {
    responseEnded = true;
    endWhenComplete();
  }

  @Override
  public void note(Side by, ProxyError what, Throwable cause) {
    if (error == null || tally.makes(Tally.Mistake.LETS_THE_LAST_NOTE_WIN)) {
      side = by;
      error = what;
    }
  }

  @Override
  public void discard() {
    if (tally.makes(Tally.Mistake.IGNORES_DISCARD)) {
      end();
    } else if (isFirstEnd()) {
      tally.add(-1, Instrument.REQUESTS_IN_PROGRESS);
    }
  }

  @Override
  public AttemptObservation startAttempt(Upstream upstream) {
    return new TallyAttempt(tally);
  }

  @Override
  public TunnelObservation startTunnel(TunnelKind kind) {
    end();
    TallyTunnel tunnel = new TallyTunnel(tally, kind);
    if (connection != null) {
      connection.opened(tunnel);
    }
    return tunnel;
  }

  @Override
  void over(Side failed, ProxyError failure) {
    note(failed, failure, null);
    if (!tally.makes(Tally.Mistake.LEAKS_REQUESTS_IN_PROGRESS) || error == null) {
      tally.add(-1, Instrument.REQUESTS_IN_PROGRESS);
    }
    int times = tally.makes(Tally.Mistake.COUNTS_REQUESTS_TWICE) ? 2 : 1;
    tally.add(times, Instrument.REQUESTS_TOTAL, Map.of(Dimension.METHOD, method));
    tally.add(1, Instrument.REQUESTS_BY_STATUS, Map.of(Dimension.STATUS, statusLabel()));
    if (error != null && side != null) {
      tally.add(
          1,
          Instrument.ERRORS_TOTAL,
          Map.of(
              Dimension.ERROR,
              error.token(),
              Dimension.SIDE,
              side.name().toLowerCase(Locale.ROOT)));
    }
  }

  private void endWhenComplete() {
    if (requestEnded && responseEnded) {
      end();
    }
  }

  private String statusLabel() {
    if (status != 0) {
      return Integer.toString(status);
    }
    return error == ProxyError.CLIENT_ABORT ? "aborted" : "none";
  }
}
