package io.github.proxytelemetry;

import java.util.Objects;
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
