package io.github.proxytelemetry;

import java.util.Locale;

/**
 * Dimension (attribute, label) of an {@link Instrument}. Its values come from a closed set or from
 * the host's configuration, to limit cardinality; any other value is recorded as {@code _OTHER}.
 */
public enum Dimension {
  /**
   * Request method: a known one, by default {@code QUERY} or one that RFC 9110 or RFC 5789 defines,
   * or {@code _OTHER}.
   */
  METHOD,
  /**
   * Response status, {@code 100} to {@code 599}; without a response {@code aborted} if the client
   * left, else {@code none}.
   */
  STATUS,
  /** {@linkplain ProxyError#token() Token} of a {@link ProxyError}. */
  ERROR,
  /** {@link Side}, in lower case. */
  SIDE,
  /** Outcome of an attempt: {@code success}, {@code failed}, {@code timeout}, {@code canceled}. */
  OUTCOME,
  /** Direction as seen from the proxy: {@code received} or {@code sent}. */
  DIRECTION,
  /** {@link TunnelKind}, in lower case. */
  KIND,
  /** URL scheme of the request: {@code http} or {@code https}. */
  SCHEME,
  /** HTTP version: {@code 1.0}, {@code 1.1}, {@code 2} or {@code 3}. */
  PROTOCOL,
  /** {@linkplain ExchangeObservation#route Route} that the host matched. */
  ROUTE,
  /** {@linkplain AttemptObservation#route Route} of the upstream request. */
  UPSTREAM_ROUTE,
  /**
   * {@linkplain Upstream#name() Configured name} of the upstream; absent where it has none, as in a
   * forward proxy.
   */
  UPSTREAM,
  /** Method of the client's request, on instruments of an upstream's; as {@link #METHOD}. */
  DOWNSTREAM_METHOD,
  /** Whether every upstream answered with a status below 400: {@code true} or {@code false}. */
  COMPLETE,
  /** Whether it was given up, by the proxy or with its client: {@code true} or {@code false}. */
  CANCELED,
  /** Whether it failed, and was not canceled: {@code true} or {@code false}. */
  FAILED,
  /** Host of an upstream that has a configured name. */
  SERVER_ADDRESS,
  /** Port of an upstream that has a configured name. */
  SERVER_PORT,
  /** Layer of the proxy, a constant of each instrument: {@link Instrument#stage()}. */
  STAGE;

  private final String key = name().toLowerCase(Locale.ROOT);

  /**
   * Returns the default attribute key, used where a {@link MetricNaming} defines none.
   *
   * @return the constant's name in lower case
   */
  public String key() {
    return key;
  }
}
