package io.github.proxytelemetry;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt goes.
 *
 * <p>A reverse proxy keeps one per configured origin and gives it a name, which may become a label.
 * A forward proxy makes one per request from what the client asked for: it has no name, and its
 * host never leaves the process unless the host of the library allows it.
 *
 * <p>Immutable. {@link #toString()} shows the name only, because the rest may say where a user
 * went.
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
   * An origin that the client chose.
   *
   * @param host a host name or an address, without brackets
   * @param port the port
   * @return the upstream
   */
  public static Upstream of(String host, int port) {
    return new Upstream(null, host, port);
  }

  /**
   * An origin that the proxy's own configuration names.
   *
   * @param name a name from a small, fixed set, never from the network
   * @param host a host name or an address, without brackets
   * @param port the port
   * @return the upstream
   */
  public static Upstream named(String name, String host, int port) {
    return new Upstream(Objects.requireNonNull(name, "name"), host, port);
  }

  /**
   * Origins that the proxy's own configuration gives for one upstream, to balance among. All get
   * one name: their hosts, joined by {@code _}, as the metrics of KrakenD's stage {@code backend}
   * have them in {@code server.address}.
   *
   * @param origins where its requests may go, never from the network; their own names do not matter
   * @return as many upstreams in the same order, of which an attempt gets the one that it goes to
   */
  public static List<Upstream> balanced(List<Upstream> origins) {
    String name = origins.stream().map(Upstream::host).collect(Collectors.joining("_"));
    return origins.stream().map(origin -> named(name, origin.host, origin.port)).toList();
  }

  /**
   * The configured name.
   *
   * @return the name, or {@code null} for an origin that the client chose
   */
  public @Nullable String name() {
    return name;
  }

  /**
   * The host; feeds {@code server.address}.
   *
   * @return a host name or an address, without brackets
   */
  public String host() {
    return host;
  }

  /**
   * The port; feeds {@code server.port}.
   *
   * @return the port
   */
  public int port() {
    return port;
  }

  @Override
  public String toString() {
    return name == null ? "upstream" : "upstream " + name;
  }
}
