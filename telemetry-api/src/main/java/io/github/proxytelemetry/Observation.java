package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Observation of one connection, exchange, attempt or tunnel, from its start to its end.
 *
 * <p>The first terminal call ends it: {@link #end()}, {@link #fail}, or one that a subtype adds.
 * Later terminal calls are ignored, so a caller may end an observation wherever it learns of an
 * end. For threading and errors see {@link ProxyTelemetry}.
 */
public interface Observation {
  /** Ends the observation successfully. Terminal. */
  default void end() {}

  /**
   * Ends the observation with a failure. Terminal.
   *
   * @param side the side that caused the failure
   * @param error the error type, in the terms of RFC 9209
   * @param cause the exception, if there is one; its class may be used, its message is never
   *     exported
   */
  default void fail(Side side, ProxyError error, @Nullable Throwable cause) {}
}
