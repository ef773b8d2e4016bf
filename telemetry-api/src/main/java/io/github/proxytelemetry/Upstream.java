package io.github.proxytelemetry;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Destination of an attempt or of an upstream connection.
 *
 * <p>A reverse proxy creates one per configured origin, with a name that may become a metric label.
 * A forward proxy creates one per request from the request target: it has no name, and its host is
 * exported only if the proxy's author allows it.
 *
 * <p>Immutable. {@link #toString()} contains the name only, as host and port may reveal which site
 * a user visited.
 */
public final class Upstream {
  private final @Nullable String name;
  private final String host;
  private final int port;

  private Upstream(@Nullable String name, String host, int port) {
    this.name = name;
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
  }

  /**
   * Creates an upstream that the client chose.
   *
   * @param host a host name or an IP address, without brackets
   * @param port the port
   * @return the upstream
   */
  public static Upstream of(String host, int port) {
    return new Upstream(null, host, port);
  }

  /**
   * Creates an upstream that the proxy's configuration names.
   *
   * @param name a name from a small fixed set, never from a request
   * @param host a host name or an IP address, without brackets
   * @param port the port
   * @return the upstream
   */
  public static Upstream named(String name, String host, int port) {
    return new Upstream(Objects.requireNonNull(name, "name"), host, port);
  }

  /**
   * Gives the origins of one load-balanced upstream a common name: their hosts joined by {@code _},
   * the value of {@code server.address} in the metrics of KrakenD's stage {@code backend}.
   *
   * @param origins the origins from the proxy's configuration; their own names are ignored
   * @return the named upstreams in the same order; pass the selected one to an attempt
   */
  public static List<Upstream> balanced(List<Upstream> origins) {
    String name = origins.stream().map(Upstream::host).collect(Collectors.joining("_"));
    return origins.stream().map(origin -> named(name, origin.host, origin.port)).toList();
  }

  /**
   * Returns the configured name.
   *
   * @return the name, or {@code null} for an upstream that the client chose
   */
  public @Nullable String name() {
    return name;
  }

  /**
   * Returns the host; the attribute {@code server.address}.
   *
   * @return a host name or an IP address, without brackets
   */
  public String host() {
    return host;
  }

  /**
   * Returns the port; the attribute {@code server.port}.
   *
   * @return the port
   */
  public int port() {
    return port;
  }

  /** Upstreams of the same name, host and port are equal. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Upstream upstream
        && port == upstream.port
        && host.equals(upstream.host)
        && Objects.equals(name, upstream.name);
  }

  @Override
  public int hashCode() {
    // Strings cache their hash codes, and nothing is allocated.
    return (Objects.hashCode(name) * 31 + host.hashCode()) * 31 + port;
  }

  @Override
  public String toString() {
    return name == null ? "upstream" : "upstream " + name;
  }
}
