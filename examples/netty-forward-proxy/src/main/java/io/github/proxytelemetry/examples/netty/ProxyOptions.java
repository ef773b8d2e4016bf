package io.github.proxytelemetry.examples.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy was told to do. Each option is an argument, such as {@code --timeout-ms 500}, or
 * an environment variable, such as {@code PROXY_TIMEOUT_MS}; the argument wins.
 *
 * @param listen where clients come in; port 0 takes a free one
 * @param metrics where Prometheus scrapes; port 0 takes a free one
 * @param otlp where telemetry is sent, or null to send none
 * @param otlpOverHttp whether it is sent over HTTP instead of gRPC
 * @param sampling the share of traces that is recorded
 * @param serviceName what the proxy calls itself in telemetry
 * @param blocked hosts, in lower case, that are answered with 403
 * @param timeout how long an origin may take to accept a connection, and to begin its answer
 */
public record ProxyOptions(
    InetSocketAddress listen,
    InetSocketAddress metrics,
    @Nullable String otlp,
    boolean otlpOverHttp,
    double sampling,
    String serviceName,
    Set<String> blocked,
    Duration timeout) {
  private static final List<String> NAMES =
      List.of(
          "--listen",
          "--metrics",
          "--otlp",
          "--otlp-protocol",
          "--sampling",
          "--service-name",
          "--block",
          "--timeout-ms");
  private static final int MAX_TIMEOUT_MILLIS = 3_600_000;

  /**
   * Reads the arguments and the environment.
   *
   * @throws IllegalArgumentException saying which one is wrong, what it was, and what is allowed
   */
  public static ProxyOptions parse(Map<String, String> environment, String... arguments) {
    Given given = new Given(named(arguments), environment);
    return new ProxyOptions(
        given.read("--listen", "127.0.0.1:8080", ProxyOptions::address, "host:port"),
        given.read("--metrics", "127.0.0.1:9464", ProxyOptions::address, "host:port"),
        given.text("--otlp", environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")),
        given.read("--otlp-protocol", "grpc", ProxyOptions::isHttp, "grpc or http"),
        given.read("--sampling", "0.01", ProxyOptions::share, "a number from 0 to 1"),
        given.read("--service-name", "forward-proxy", ProxyOptions::name, "a name"),
        given.read("--block", "", ProxyOptions::hosts, "host[,host]"),
        given.read("--timeout-ms", "10000", ProxyOptions::timeout, "1 to " + MAX_TIMEOUT_MILLIS));
  }

  private static Map<String, String> named(String... arguments) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            name + ": not an option, allowed are " + String.join(", ", NAMES));
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(name + ": was given without a value");
      }
      if (named.put(name, arguments[i + 1]) != null) {
        throw new IllegalArgumentException(name + ": was given twice, allowed is once");
      }
    }
    return named;
  }

  private static InetSocketAddress address(String value) {
    int colon = value.lastIndexOf(':');
    String host = value.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
    if (host.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return InetSocketAddress.createUnresolved(host, Integer.parseInt(value.substring(colon + 1)));
  }

  private static Boolean isHttp(String value) {
    return switch (value) {
      case "grpc" -> false;
      case "http" -> true;
      default -> throw new IllegalArgumentException();
    };
  }

  private static Double share(String value) {
    double share = Double.parseDouble(value);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException();
    }
    return share;
  }

  private static String name(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException();
    }
    return value;
  }

  private static Set<String> hosts(String value) {
    return Arrays.stream(value.split(",", -1))
        .map(host -> host.strip().toLowerCase(Locale.ROOT))
        .filter(host -> !host.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Duration timeout(String value) {
    int millis = Integer.parseInt(value);
    if (millis < 1 || millis > MAX_TIMEOUT_MILLIS) {
      throw new IllegalArgumentException();
    }
    return Duration.ofMillis(millis);
  }

  private record Given(Map<String, String> arguments, Map<String, String> environment) {
    <T> T read(String name, String preset, Function<String, T> reader, String allowed) {
      String value = arguments.get(name);
      String key = value == null ? variable(name) : name;
      if (value == null) {
        value = environment.getOrDefault(key, preset);
      }
      try {
        return reader.apply(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            key + ": was \"" + value + "\", allowed is " + allowed, e);
      }
    }

    @Nullable String text(String name, @Nullable String preset) {
      String value = arguments.getOrDefault(name, environment.get(variable(name)));
      String chosen = value == null ? preset : value;
      return chosen == null || chosen.isBlank() ? null : chosen;
    }

    private static String variable(String name) {
      return "PROXY_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }
  }
}
