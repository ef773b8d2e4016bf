package io.github.proxytelemetry.otel.metrics;

/**
 * Statuses that have a meaning: those of IANA's registry (RFC 9110, section 16.2), and 499, by
 * which proxies mean a client that left. Upstreams choose their statuses, and 500 of them for each
 * method would make scrapes of many megabytes.
 */
final class RegisteredStatuses {
  private static final int[][] RANGES = {
    {100, 103},
    {200, 208},
    {226, 226},
    {300, 305},
    {307, 308},
    {400, 417},
    {421, 426},
    {428, 429},
    {431, 431},
    {451, 451},
    {499, 499},
    {500, 508},
    {510, 511}
  };

  private static final boolean[] REGISTERED = new boolean[600];

  static {
    for (int[] range : RANGES) {
      for (int status = range[0]; status <= range[1]; status++) {
        REGISTERED[status] = true;
      }
    }
  }

  private RegisteredStatuses() {}

  /** Whether a status from 100 to 599 is one of them. */
  static boolean contains(int status) {
    return REGISTERED[status];
  }
}
