package io.github.proxytelemetry.testing;

/** How an observation ended, by the first terminal call. */
public enum Terminal {
  /** Well: by {@code end}, or because everything it waits for has ended. */
  ENDED,
  /** By {@code fail}, or with the connection it was on. */
  FAILED,
  /** An exchange that was none after all. */
  DISCARDED,
  /** An exchange that became a tunnel. */
  TUNNELLED,
  /** An attempt that the proxy gave up. */
  CANCELLED
}
