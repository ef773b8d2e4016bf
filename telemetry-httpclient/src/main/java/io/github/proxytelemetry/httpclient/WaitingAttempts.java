package io.github.proxytelemetry.httpclient;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Epoch counter of the attempts that wait for a response head. It answers whether all attempts that
 * were waiting at some moment have stopped, without a list of them (a grace period, as in RCU).
 *
 * <p>An attempt is counted in the epoch in which it starts to wait, or a neighbouring one. An epoch
 * is followed by the next only when no attempt of the previous one is left. So attempts wait in at
 * most two epochs, and two counters, selected by the parity of the epoch, are enough.
 */
final class WaitingAttempts {
  // Two epochs for the attempts that are counted, and one for an attempt that is being counted.
  private static final int GRACE_PERIOD = 3;

  private final AtomicInteger epoch = new AtomicInteger();
  private final AtomicIntegerArray waiting = new AtomicIntegerArray(2);

  /** An attempt starts to wait; pass the result to {@link #exit}. */
  int enter() {
    int parity = epoch.get() & 1;
    waiting.incrementAndGet(parity);
    return parity;
  }

  void exit(int parity) {
    waiting.decrementAndGet(parity);
  }

  boolean isEmpty() {
    return waiting.get(0) == 0 && waiting.get(1) == 0;
  }

  /** The current epoch, for {@link #haveEndedSince}. */
  int epoch() {
    return epoch.get();
  }

  /** Advances the epoch as far as possible. To be called after attempts have stopped waiting. */
  void advance() {
    int advanced = 0;
    while (advanced < GRACE_PERIOD) {
      int current = epoch.get();
      if (waiting.get((current + 1) & 1) != 0) {
        return;
      }
      if (epoch.compareAndSet(current, current + 1)) {
        advanced++;
      }
    }
  }

  /** Whether all attempts that were waiting in an earlier epoch have stopped. */
  boolean haveEndedSince(int earlier) {
    return epoch.get() - earlier >= GRACE_PERIOD;
  }
}
