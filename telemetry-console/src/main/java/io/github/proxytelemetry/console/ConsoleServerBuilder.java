package io.github.proxytelemetry.console;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.live.LiveView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builder of a {@link ConsoleServer}: where it listens, and who may see it. Not thread-safe.
 *
 * <p>The page is for one's own eyes: by default it is on the loopback interface only, and another
 * interface needs a password.
 */
public final class ConsoleServerBuilder {
  private static final int DEFAULT_PORT = 9465;
  private static final int MAX_PORT = 65535;

  private final ProxyTelemetrySdk telemetry;
  private final Set<String> hostNames = new HashSet<>();
  private final Toggles toggles = new Toggles();
  private String host = "127.0.0.1";
  private int port = DEFAULT_PORT;
  private @Nullable Password password;

  ConsoleServerBuilder(ProxyTelemetrySdk telemetry) {
    if (telemetry.isEnabled() && LiveView.of(telemetry.openTelemetry()) == null) {
      throw new IllegalArgumentException(
          "console telemetry: invalid value without a live view; expected a telemetry that was"
              + " built with liveView()");
    }
    this.telemetry = telemetry;
  }

  /**
   * Where it listens. The default is {@code 127.0.0.1} and port 9465.
   *
   * @param host an address of this machine; other than loopback only with a {@link #basicAuth}
   * @param port the port, 0 for one that the system chooses
   * @return this
   * @throws IllegalArgumentException if the port is none
   */
  public ConsoleServerBuilder listen(String host, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "console port: invalid value " + port + "; expected 1 to 65535, or 0 for any");
    }
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
    return this;
  }

  /**
   * Asks for a user and a password (RFC 7617). They cross the network in the clear: in front of a
   * console that others reach there should be TLS.
   *
   * @param user the user, without a colon
   * @param password the password
   * @return this
   * @throws IllegalArgumentException if either is empty or the user has a colon; the message does
   *     not show them
   */
  public ConsoleServerBuilder basicAuth(String user, String password) {
    this.password = Password.of(user, password);
    return this;
  }

  /**
   * Names under which browsers may ask for the page, beside {@code localhost} and addresses.
   * Requests with any other {@code Host} are refused, so that no page from elsewhere can read this
   * one through a DNS name of its own.
   *
   * @param names host names without a port
   * @return this
   */
  public ConsoleServerBuilder hostNames(String... names) {
    for (String name : Objects.requireNonNull(names, "names")) {
      hostNames.add(name.toLowerCase(Locale.ROOT));
    }
    return this;
  }

  /**
   * Adds a switch to the page, for a demo: whoever sees the page can use it. Without any the page
   * shows, and changes nothing.
   *
   * @param name what it is called
   * @param hint what it does, in a few words
   * @param action called with the new position, on a thread of the console
   * @return this
   */
  public ConsoleServerBuilder toggle(String name, String hint, Consumer<Boolean> action) {
    toggles.add(name, hint, action);
    return this;
  }

  /**
   * Opens the port and starts the console.
   *
   * @return the running console, which the host closes before the telemetry
   * @throws IllegalArgumentException if the host is no address of this machine, or is one that
   *     others reach and there is no password
   * @throws IllegalStateException if the port cannot be opened, for example because it is in use
   */
  public ConsoleServer start() {
    InetAddress address = resolve(host);
    if (!address.isLoopbackAddress() && password == null) {
      throw new IllegalArgumentException(
          "console host: invalid value \""
              + host
              + "\" without basicAuth(...), as other machines may reach it; expected a loopback"
              + " address such as 127.0.0.1, or a password");
    }
    Gate gate = new Gate(address.isLoopbackAddress(), hostNames, password);
    try {
      return ConsoleServer.open(telemetry, new InetSocketAddress(address, port), gate, toggles);
    } catch (IOException e) {
      throw new IllegalStateException(
          "console port: "
              + port
              + " on "
              + host
              + " cannot be opened, it may be in use; expected a free one, or 0 for any",
          e);
    }
  }

  private static InetAddress resolve(String host) {
    try {
      if (!host.isBlank()) {
        return InetAddress.getByName(host);
      }
    } catch (UnknownHostException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "console host: invalid value \""
            + host
            + "\"; expected an address of this machine, such as 127.0.0.1");
  }
}
