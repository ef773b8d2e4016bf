package io.github.proxytelemetry.testing;

/** Terminal state of a recorded observation, set by the first terminal call. */
public enum Terminal {
  /** Ended by {@code end}, or as all its parts had ended. */
  ENDED,
  /** Ended by {@code fail}, or by the end of its connection. */
  FAILED,
  /** Exchange that was discarded. */
  DISCARDED,
  /** Exchange that became a tunnel. */
  TUNNELLED,
  /** Attempt that was cancelled. */
  CANCELLED
}
