package io.github.proxytelemetry.examples.common;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy was given. Each option is an argument, such as {@code --timeout-ms 500}, or an
 * environment variable, such as {@code PROXY_TIMEOUT_MS}; the argument wins.
 */
public final class Given {
  /** What {@link #timeout} takes. */
  public static final String TIMEOUT = "1 to 3600000";

  private static final int MAX_TIMEOUT_MILLIS = 3_600_000;

  private final Map<String, String> arguments;
  private final Map<String, String> environment;

  private Given(Map<String, String> arguments, Map<String, String> environment) {
    this.arguments = arguments;
    this.environment = environment;
  }

  /**
   * Sorts what was given.
   *
   * @param usage a line an option, which begins with its name
   * @throws IllegalArgumentException saying which argument is wrong, and what is expected
   */
  public static Given of(String usage, Map<String, String> environment, String... arguments) {
    List<String> names = usage.lines().map(line -> line.split(" ", 2)[0]).toList();
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            name + ": is unknown; expected one of " + String.join(", ", names));
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(name + ": is given without a value");
      }
      if (named.put(name, arguments[i + 1]) != null) {
        throw new IllegalArgumentException(name + ": is given twice; expected once");
      }
    }
    return new Given(named, environment);
  }

  /**
   * Reads an option.
   *
   * @throws IllegalArgumentException saying which one is wrong, what was given, and what is
   *     expected
   */
  public <T> T read(String name, String preset, Function<String, T> reader, String expected) {
    String value = arguments.get(name);
    String key = value == null ? key(name) : name;
    if (value == null) {
      value = environment.getOrDefault(key, preset);
    }
    try {
      return reader.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          key + ": invalid value \"" + value + "\"; expected " + expected, e);
    }
  }

  /** An option that may be left out, or left empty. */
  public @Nullable String text(String name, @Nullable String preset) {
    String value = arguments.getOrDefault(name, environment.get(key(name)));
    String chosen = value == null ? preset : value;
    return chosen == null || chosen.isBlank() ? null : chosen;
  }

  /** An environment variable that has another name than its option. */
  public @Nullable String variable(String name) {
    return environment.get(name);
  }

  /** Reads {@code host:port}. */
  public static InetSocketAddress address(String value) {
    int colon = value.lastIndexOf(':');
    String host = value.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
    if (host.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return InetSocketAddress.createUnresolved(host, Integer.parseInt(value.substring(colon + 1)));
  }

  /** Reads a number of milliseconds. */
  public static Duration timeout(String value) {
    return Duration.ofMillis(number(value, 1, MAX_TIMEOUT_MILLIS));
  }

  /** Reads a number between two others, or one of them. */
  public static int number(String value, int min, int max) {
    int number = Integer.parseInt(value);
    if (number < min || number > max) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static String key(String name) {
    return "PROXY_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
