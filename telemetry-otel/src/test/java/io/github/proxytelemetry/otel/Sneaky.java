package io.github.proxytelemetry.otel;

import java.io.IOException;
import java.util.List;

/** Code of a host that throws, whatever its signature declares. */
final class Sneaky {
  /** One of each kind: unchecked, checked, and errors of the class loader and of the machine. */
  static final List<Throwable> ERRORS =
      List.of(
          new IllegalStateException("of the host"),
          new IOException("of the host"),
          new AssertionError("of the host"),
          new NoClassDefFoundError("of the host"),
          new StackOverflowError("of the host"),
          new OutOfMemoryError("of the host"));

  private final Throwable thrown;
  private int count;

  Sneaky(Throwable thrown) {
    this.thrown = thrown;
  }

  /** Throws; declared to return what the hook would. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // Nothing is returned, so no cast can fail.
  <T> T call() {
    count++;
    throw Sneaky.<RuntimeException>unchecked(thrown);
  }

  /** How often it threw. */
  int count() {
    return count;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // That is the trick.
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
