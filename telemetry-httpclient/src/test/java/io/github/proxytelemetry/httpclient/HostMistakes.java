package io.github.proxytelemetry.httpclient;

import java.io.IOException;
import java.util.List;

/** What a function of the host may throw, whatever its signature declares. */
final class HostMistakes {
  private HostMistakes() {}

  static List<Throwable> all() {
    return List.of(
        new IllegalStateException("a host's mistake"),
        new IOException("a host's mistake"),
        new AssertionError("a host's mistake"),
        new NoClassDefFoundError("a host's mistake"),
        new StackOverflowError("a host's mistake"));
  }

  /** Throws; declared to return what the function would. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // Nothing is returned, so no cast can fail.
  static <T> T fail(Throwable thrown) {
    throw HostMistakes.<RuntimeException>unchecked(thrown);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // That is the trick.
  private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
