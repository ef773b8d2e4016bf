package io.github.proxytelemetry.otel;

import java.util.concurrent.atomic.AtomicInteger;

/** Things that happen at most once each, as bits. It is its own atomic, to be one object. */
final class Flags extends AtomicInteger {
  private static final long serialVersionUID = 1L;

  /** Sets a flag, and returns the flags before. */
  int mark(int flag) {
    while (true) {
      int before = get();
      if ((before & flag) != 0 || compareAndSet(before, before | flag)) {
        return before;
      }
    }
  }
}
