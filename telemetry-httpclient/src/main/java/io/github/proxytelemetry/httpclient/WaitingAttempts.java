package io.github.proxytelemetry.httpclient;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts the attempts that wait for a head, so that one can say of a moment: whoever waited then
 * has ceased to.
 *
 * <p>Time goes in turns. An attempt counts to the turn in which it begins to wait, or to one before
 * or after it; a turn is followed by the next only when nobody is left of the turn before. So there
 * are two turns at most in which attempts wait, and two counters are enough.
 */
final class WaitingAttempts {
  // Two turns for those who waited already, and one for who was just being counted.
  private static final int TURNS = 3;

  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicIntegerArray waiting = new AtomicIntegerArray(2);

  /** Tells when it began, for {@link #end}. */
  int begin() {
    int parity = turn.get() & 1;
    waiting.incrementAndGet(parity);
    return parity;
  }

  void end(int parity) {
    waiting.decrementAndGet(parity);
  }

  boolean isNobody() {
    return waiting.get(0) == 0 && waiting.get(1) == 0;
  }

  /** This moment, for {@link #areAllOver}. */
  int now() {
    return turn.get();
  }

  /** Takes as many turns as can be taken; somebody has to, when attempts cease to wait. */
  void takeTurns() {
    int taken = 0;
    while (taken < TURNS) {
      int now = turn.get();
      if (waiting.get((now + 1) & 1) != 0) {
        return;
      }
      if (turn.compareAndSet(now, now + 1)) {
        taken++;
      }
    }
  }

  /** Whether everybody who waited at that moment has ceased to. */
  boolean areAllOver(int moment) {
    return turn.get() - moment >= TURNS;
  }
}
