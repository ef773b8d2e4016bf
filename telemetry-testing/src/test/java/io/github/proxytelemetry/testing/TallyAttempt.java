package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import java.util.Map;

/** Attempt. */
final class TallyAttempt extends TallyObservation implements AttemptObservation {
  private boolean sent;
  private boolean answered;

  TallyAttempt(Tally tally) {
    super(tally);
  }

  @Override
  public ConnectionObservation startConnection() {
    return new TallyConnection(tally, Side.UPSTREAM);
  }

  @Override
  public void requestStarted(RequestInfo request) {
    sent = true;
  }

  @Override
  public void requestBytes(long count) {
    tally.bytes(count, Instrument.BYTES_SENT_TOTAL, Map.of());
  }

  @Override
  public <C> void responseStarted(int status, C headers, HeaderAccess<C> access) {
    if (sent && !answered) {
      tally.add(1, Instrument.FIRST_BYTE_LATENCY_SECONDS);
    }
    answered = true;
  }

  @Override
  public void responseBytes(long count) {
    tally.bytes(count, Instrument.BYTES_RECEIVED_TOTAL, Map.of());
  }

  @Override
  public void responseEnd() {
    end();
  }

  @Override
  public void cancel() {
    if (isFirstEnd()) {
      count("canceled");
    }
  }

  @Override
  void over(Side side, ProxyError error) {
    if (side == null) {
      count("success");
    } else {
      count(error.name().endsWith("TIMEOUT") ? "timeout" : "failed");
    }
  }

  private void count(String outcome) {
    tally.add(1, Instrument.ATTEMPTS_TOTAL, Map.of(Dimension.OUTCOME, outcome));
  }
}
