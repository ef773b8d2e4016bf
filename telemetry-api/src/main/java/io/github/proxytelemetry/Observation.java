package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * One thing being observed, from its start to exactly one end.
 *
 * <p>The first terminal call wins ({@link #end()}, {@link #fail}, and those that a subtype adds);
 * later ones do nothing. So an owner may end it wherever it learns of an end, without keeping
 * count. For threading and errors see {@link ProxyTelemetry}.
 */
public interface Observation {
  /** It ended well. */
  default void end() {}

  /**
   * It ended badly.
   *
   * @param side who caused it
   * @param error what happened, in the words of RFC 9209
   * @param cause the exception behind it, if there is one; its message is never exported
   */
  default void fail(Side side, ProxyError error, @Nullable Throwable cause) {}
}
