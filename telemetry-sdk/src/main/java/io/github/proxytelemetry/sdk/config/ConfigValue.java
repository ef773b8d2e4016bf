package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.sdk.tls.Pem;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Value or block of a configuration, with the key that it came from for error messages. Immutable;
 * it may be a secret, so {@link #toString} shows nothing.
 */
final class ConfigValue {
  private static final int SHOWN = 80;

  /** Ends of the names of secrets. */
  private static final List<String> SECRETS =
      List.of("OTLP_HEADERS", "TRACES_HEADERS", "METRICS_HEADERS", "CLIENT_KEY", "_CERT");

  private final String key;
  private final Object value;

  ConfigValue(String key, Object value) {
    this.key = key;
    this.value = value;
  }

  /** Name of a variable or property, or a path such as {@code layers.global}. */
  String key() {
    return key;
  }

  /** A text, without blanks around it. */
  String text() {
    if (value instanceof String text) {
      return text.strip();
    }
    throw invalid("text");
  }

  /** A text of which the case does not matter, in lower case. */
  String word() {
    return text().toLowerCase(Locale.ROOT);
  }

  /** A switch, which is {@code true} or {@code false}. */
  boolean flag() {
    String given = scalar();
    if (given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false")) {
      return given.equalsIgnoreCase("true");
    }
    throw invalid("true or false");
  }

  /** A switch as in the OpenTelemetry specification: all but {@code true} is off. */
  boolean isTrue() {
    return scalar().equalsIgnoreCase("true");
  }

  double ratio() {
    return number(new BigDecimal(0), new BigDecimal(1), "a number from 0.0 to 1.0").doubleValue();
  }

  double decimal(double min, double max) {
    BigDecimal from = BigDecimal.valueOf(min);
    BigDecimal to = BigDecimal.valueOf(max);
    String expected = "a number from " + from.toPlainString() + " to " + to.toPlainString();
    return number(from, to, expected).doubleValue();
  }

  int integer(int min, int max) {
    String expected = "a whole number from " + min + " to " + max;
    try {
      return number(new BigDecimal(min), new BigDecimal(max), expected).intValueExact();
    } catch (ArithmeticException e) {
      throw invalid(expected);
    }
  }

  private BigDecimal number(BigDecimal min, BigDecimal max, String expected) {
    try {
      BigDecimal number = new BigDecimal(scalar());
      if (number.compareTo(min) >= 0 && number.compareTo(max) <= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(expected);
    }
    throw invalid(expected);
  }

  /** A path template. */
  String template() {
    try {
      PathTemplate.of(text());
    } catch (IllegalArgumentException e) {
      throw invalid("a path such as /foo/{bar}, which may end in / for all below");
    }
    return text();
  }

  /** Bucket boundaries. */
  List<Double> ascending() {
    String expected = "numbers above 0 in ascending order";
    List<Double> numbers = new ArrayList<>();
    double last = 0;
    for (ConfigValue item : items()) {
      BigDecimal max = BigDecimal.valueOf(Long.MAX_VALUE);
      double number = item.number(BigDecimal.ZERO, max, expected).doubleValue();
      if (number <= last) {
        throw item.invalid(expected);
      }
      numbers.add(number);
      last = number;
    }
    return List.copyOf(numbers);
  }

  Duration millis() {
    return Duration.ofMillis(integer(1, Integer.MAX_VALUE));
  }

  /** A list in an environment variable: separated by commas, without empty parts. */
  List<String> list() {
    List<String> parts = new ArrayList<>();
    for (String part : text().split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** A list of which the case does not matter, in lower case. */
  List<String> words() {
    return list().stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
  }

  Pem pem() {
    return Pem.text(key, text());
  }

  Pem pemFile() {
    try {
      return Pem.file(key, Path.of(text()));
    } catch (InvalidPathException e) {
      throw problem("is not a path; expected the name of a PEM file");
    }
  }

  /** Elements of a list, each with its own key. */
  List<ConfigValue> items() {
    if (!(value instanceof List<?> list)) {
      throw invalid("a list");
    }
    List<ConfigValue> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(child(key + '[' + i + ']', list.get(i)));
    }
    return items;
  }

  /** Member of a block, {@code null} if it has none of that name. */
  @Nullable ConfigValue member(String name) {
    Object member = block().get(name);
    return member == null ? null : child(path(name), member);
  }

  /** Members of a block, each with its own key. */
  Map<String, ConfigValue> members() {
    Map<String, ConfigValue> members = new LinkedHashMap<>();
    block().forEach((name, member) -> members.put(name, child(path(name), member)));
    return members;
  }

  /** Switch of a block, off if absent. */
  boolean flag(String name) {
    ConfigValue member = member(name);
    return member != null && member.flag();
  }

  /** Checks that a block has no other members; returns it. */
  ConfigValue allowing(String... names) {
    Set<String> known = new LinkedHashSet<>(List.of(names));
    for (String name : block().keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            printable(path(name)) + ": is unknown; expected " + String.join(", ", known));
      }
    }
    return this;
  }

  /** An error with the key and, unless it may be a secret, the value. */
  IllegalArgumentException invalid(String expected) {
    return new IllegalArgumentException(
        key + ": invalid value " + shown() + "; expected " + expected);
  }

  /** An error without the value, which may be a secret. */
  IllegalArgumentException problem(String what) {
    return new IllegalArgumentException(key + ": " + what);
  }

  @Override
  public String toString() {
    return "***";
  }

  String scalar() {
    boolean isScalar =
        value instanceof String || value instanceof Number || value instanceof Boolean;
    return isScalar ? String.valueOf(value).strip() : "";
  }

  boolean isEmpty() {
    return value instanceof String text && text.isBlank();
  }

  Map<?, ?> asMap() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw invalid("a block of keys and values");
  }

  private Map<String, Object> block() {
    Map<String, Object> block = new LinkedHashMap<>();
    asMap().forEach((name, member) -> block.put(String.valueOf(name), member));
    return block;
  }

  private String path(String name) {
    return key.isEmpty() ? name : key + '.' + name;
  }

  private static ConfigValue child(String key, @Nullable Object value) {
    return new ConfigValue(key, value == null ? "" : value);
  }

  private String shown() {
    if (value instanceof Map) {
      return "{...}";
    }
    if (value instanceof List) {
      return "[...]";
    }
    return isSecret() || maySecretBeIn(String.valueOf(value))
        ? "***"
        : '"' + printable(String.valueOf(value)) + '"';
  }

  /** User-info and queries of URLs, and a key in the place of another value. */
  private static boolean maySecretBeIn(String text) {
    return text.indexOf('@') >= 0 || text.indexOf('?') >= 0 || text.contains("-----BEGIN");
  }

  private boolean isSecret() {
    String name = key.toUpperCase(Locale.ROOT).replace('.', '_');
    return key.startsWith(KrakendDocument.SECURITY) || SECRETS.stream().anyMatch(name::endsWith);
  }

  /** One short line, as messages end up in logs. */
  static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
  }
}
