package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.otel.metrics.LabelValues;
import org.jspecify.annotations.Nullable;

/** Side and error of a failure packed into eight bits, so that both are set in one step. */
final class Fault {
  static final int NONE = 0;
  static final int BITS = 8;

  private static final Side[] SIDES = Side.values();
  private static final ProxyError[] ERRORS = ProxyError.values();
  private static final int SIDE_BITS = 2;
  private static final int SIDE_MASK = (1 << SIDE_BITS) - 1;

  private Fault() {}

  /** Adapters need not be compiled with null checks, so either may be missing. */
  static int of(@Nullable Side side, @Nullable ProxyError error) {
    int who = side == null ? 0 : LabelValues.number(side) + 1;
    int what = error == null ? 0 : LabelValues.number(error) + 1;
    return what << SIDE_BITS | who;
  }

  static @Nullable Side side(int fault) {
    int who = fault & SIDE_MASK;
    return who == 0 ? null : SIDES[who - 1];
  }

  static @Nullable ProxyError error(int fault) {
    int what = fault >>> SIDE_BITS;
    return what == 0 ? null : ERRORS[what - 1];
  }

  static boolean isTimeout(@Nullable ProxyError error) {
    return error == ProxyError.DNS_TIMEOUT
        || error == ProxyError.CONNECTION_TIMEOUT
        || error == ProxyError.CONNECTION_READ_TIMEOUT
        || error == ProxyError.CONNECTION_WRITE_TIMEOUT
        || error == ProxyError.HTTP_RESPONSE_TIMEOUT;
  }
}
