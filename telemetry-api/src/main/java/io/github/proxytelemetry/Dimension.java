package io.github.proxytelemetry;

import java.util.Locale;

/** What an {@link Instrument} may be broken down by. Every value comes from a closed set. */
public enum Dimension {
  /** The request's method: one of those that RFC 9110 and RFC 5789 define, or {@code _OTHER}. */
  METHOD,
  /**
   * The response's status, {@code 100} to {@code 599}; without a response {@code aborted} if the
   * client left, else {@code none}.
   */
  STATUS,
  /** A {@linkplain ProxyError#token() token} of {@link ProxyError}. */
  ERROR,
  /** A {@link Side}, in lower case. */
  SIDE,
  /** How an attempt ended: {@code success}, {@code failed}, {@code timeout} or {@code canceled}. */
  OUTCOME,
  /** Seen from the proxy: {@code received} or {@code sent}. */
  DIRECTION,
  /** A {@link TunnelKind}, in lower case. */
  KIND;

  private final String key = name().toLowerCase(Locale.ROOT);

  /**
   * The label's name where a {@link MetricNaming} has no other.
   *
   * @return a lower-case word
   */
  public String key() {
    return key;
  }
}
