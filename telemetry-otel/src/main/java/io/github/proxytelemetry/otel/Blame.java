package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/** Who did what, as one small number: it can then be told in one step, and takes no room. */
final class Blame {
  /** Nobody did anything. */
  static final int NONE = 0;

  private static final Side[] SIDES = Side.values();
  private static final ProxyError[] ERRORS = ProxyError.values();
  private static final int SIDE_BITS = 2;
  private static final int SIDE_MASK = (1 << SIDE_BITS) - 1;

  private Blame() {}

  /** An adapter need not be compiled with null checks, so either may be missing. */
  static int of(@Nullable Side side, @Nullable ProxyError error) {
    int who = side == null ? 0 : Labels.number(side) + 1;
    int what = error == null ? 0 : Labels.number(error) + 1;
    return what << SIDE_BITS | who;
  }

  static @Nullable Side side(int blame) {
    int who = blame & SIDE_MASK;
    return who == 0 ? null : SIDES[who - 1];
  }

  static @Nullable ProxyError error(int blame) {
    int what = blame >>> SIDE_BITS;
    return what == 0 ? null : ERRORS[what - 1];
  }
}
