package io.github.proxytelemetry.examples.netty;

import io.github.proxytelemetry.examples.common.Given;
import io.github.proxytelemetry.examples.common.TelemetryOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Options of the proxy.
 *
 * @param listen where clients come in; port 0 takes a free one
 * @param blocked hosts, in lower case, that are answered with 403
 * @param timeout how long an origin may take to accept a connection, and to begin its answer
 * @param telemetry options of the telemetry
 */
public record ProxyOptions(
    InetSocketAddress listen, Set<String> blocked, Duration timeout, TelemetryOptions telemetry) {
  static final String USAGE =
      """
      --listen host:port         where clients come in; 127.0.0.1:8080
      --block host[,host]        hosts that are answered with 403; none
      --timeout-ms n             to connect, and to begin an answer; 10000
      """
          + TelemetryOptions.USAGE;

  /**
   * Reads the arguments and the environment.
   *
   * @throws IllegalArgumentException saying which one is wrong, what was given, and what is
   *     expected
   */
  public static ProxyOptions parse(Map<String, String> environment, String... arguments) {
    Given given = Given.of(USAGE, environment, arguments);
    return new ProxyOptions(
        given.read("--listen", "127.0.0.1:8080", Given::address, "host:port"),
        given.read("--block", "", ProxyOptions::hosts, "host[,host]"),
        given.read("--timeout-ms", "10000", Given::timeout, Given.TIMEOUT),
        TelemetryOptions.read(given, "forward-proxy"));
  }

  private static Set<String> hosts(String value) {
    return Arrays.stream(value.split(",", -1))
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
