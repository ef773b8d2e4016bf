package io.github.proxytelemetry;

import java.util.Locale;

/**
 * What an {@link Instrument} may be broken down by. Every value comes from a closed set, or from
 * the host's own configuration; what is neither is {@code _OTHER}.
 */
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
  KIND,
  /** The scheme of the request: {@code http} or {@code https}. */
  SCHEME,
  /** The version of HTTP: {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}. */
  PROTOCOL,
  /** The {@linkplain ExchangeObservation#route route} that the host matched. */
  ROUTE,
  /** The {@linkplain AttemptObservation#route template} of what is asked of an upstream. */
  UPSTREAM_ROUTE,
  /** The {@linkplain Upstream#name() configured name} of an upstream. */
  UPSTREAM,
  /** The host of an upstream that has a configured name. */
  SERVER_ADDRESS,
  /** The port of an upstream that has a configured name. */
  SERVER_PORT,
  /** The layer of the proxy, one for each instrument: {@link Instrument#stage()}. */
  STAGE;

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
