package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.Observation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.atomic.AtomicBoolean;

/** Base class of observations; latches the first terminal call. */
abstract class TallyObservation implements Observation {
  final Tally tally;
  private final AtomicBoolean over = new AtomicBoolean();

  TallyObservation(Tally tally) {
    this.tally = tally;
  }

  @Override
  public final void end() {
    if (isFirstEnd()) {
      over(null, null);
    }
  }

  @Override
  public final void fail(Side side, ProxyError error, Throwable cause) {
    if (isFirstEnd()) {
      over(side, error);
    }
  }

  final boolean isFirstEnd() {
    return !over.getAndSet(true) || tally.makes(Tally.Mistake.COUNTS_EVERY_END);
  }

  final boolean isOver() {
    return over.get();
  }

  /** Side and error are {@code null} if it ended successfully. */
  abstract void over(Side side, ProxyError error);
}
