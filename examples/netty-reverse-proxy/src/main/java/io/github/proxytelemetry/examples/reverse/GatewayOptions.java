package io.github.proxytelemetry.examples.reverse;

import io.github.proxytelemetry.examples.common.Given;
import io.github.proxytelemetry.examples.common.TelemetryOptions;
import java.io.File;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of the gateway.
 *
 * @param listen where clients come in; port 0 takes a free one
 * @param certificate its certificate chain in PEM, or null to speak cleartext
 * @param key the key in PEM, or null
 * @param upstreams where requests go, in turn
 * @param connections how many connections an event loop may have to each upstream
 * @param retries how many more attempts a request gets that may be repeated
 * @param timeout how long an upstream may take to accept a connection, and to begin its answer
 * @param telemetry options of the telemetry
 */
public record GatewayOptions(
    InetSocketAddress listen,
    @Nullable File certificate,
    @Nullable File key,
    List<InetSocketAddress> upstreams,
    int connections,
    int retries,
    Duration timeout,
    TelemetryOptions telemetry) {
  static final String USAGE =
      """
      --listen host:port         where clients come in; 127.0.0.1:8080
      --certificate file         its certificate chain in PEM; none: cleartext
      --key file                 its key in PEM
      --upstreams host:port[,host:port]  where requests go, in turn; 127.0.0.1:8000
      --connections n            to each upstream, for each event loop; 64
      --retries n                more attempts for a request that may be repeated; 1
      --timeout-ms n             to connect, and to begin an answer; 10000
      """
          + TelemetryOptions.USAGE;

  private static final int MAX_CONNECTIONS = 10_000;
  private static final int MAX_RETRIES = 10;

  /**
   * Reads the arguments and the environment.
   *
   * @throws IllegalArgumentException saying which one is wrong, what was given, and what is
   *     expected
   */
  public static GatewayOptions parse(Map<String, String> environment, String... arguments) {
    Given given = Given.of(USAGE, environment, arguments);
    File certificate = file(given, "--certificate");
    File key = file(given, "--key");
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "--certificate and --key: one was given without the other");
    }
    return new GatewayOptions(
        given.read("--listen", "127.0.0.1:8080", Given::address, "host:port"),
        certificate,
        key,
        given.read(
            "--upstreams", "127.0.0.1:8000", GatewayOptions::addresses, "host:port[,host:port]"),
        given.read(
            "--connections", "64", text -> Given.number(text, 1, MAX_CONNECTIONS), "1 to 10000"),
        given.read("--retries", "1", text -> Given.number(text, 0, MAX_RETRIES), "0 to 10"),
        given.read("--timeout-ms", "10000", Given::timeout, Given.TIMEOUT),
        TelemetryOptions.read(given, "reverse-proxy"));
  }

  private static @Nullable File file(Given given, String name) {
    String path = given.text(name, null);
    if (path == null) {
      return null;
    }
    File file = new File(path);
    if (!file.canRead()) {
      throw new IllegalArgumentException(
          name + ": invalid value \"" + path + "\"; expected a file that can be read");
    }
    return file;
  }

  private static List<InetSocketAddress> addresses(String value) {
    return Arrays.stream(value.split(",", -1)).map(Given::address).toList();
  }
}
