package io.github.proxytelemetry.sdk;

import java.math.BigDecimal;
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
 * One value of a configuration, or a block of values, together with the key it came from. Where it
 * is not what was asked for, the error names that key. Immutable; it may be a secret, so it shows
 * nothing.
 */
final class Setting {
  private static final int SHOWN = 80;

  /** How the names of those end that nobody may read. */
  private static final List<String> SECRETS =
      List.of("OTLP_HEADERS", "TRACES_HEADERS", "METRICS_HEADERS", "CLIENT_KEY", "_CERT");

  private final String key;
  private final Object value;

  Setting(String key, Object value) {
    this.key = key;
    this.value = value;
  }

  /**
   * Where it came from.
   *
   * @return the name of a variable or property, or a path such as {@code layers.global}
   */
  public String key() {
    return key;
  }

  /**
   * A text.
   *
   * @return the text without blanks around it
   * @throws IllegalArgumentException if it is anything else
   */
  public String text() {
    if (value instanceof String text) {
      return text.strip();
    }
    throw invalid("is text");
  }

  /**
   * A switch.
   *
   * @return whether it is on
   * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
   */
  public boolean flag() {
    String given = scalar();
    if (given.equalsIgnoreCase("true") || given.equalsIgnoreCase("false")) {
      return given.equalsIgnoreCase("true");
    }
    throw invalid("are true and false");
  }

  /**
   * A share of a whole.
   *
   * @return a number from 0.0 to 1.0
   * @throws IllegalArgumentException if it is anything else
   */
  public double ratio() {
    try {
      double ratio = Double.parseDouble(scalar());
      if (ratio >= 0.0 && ratio <= 1.0) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Told below, in the words of a configuration.
    }
    throw invalid("are numbers from 0.0 to 1.0");
  }

  /**
   * The elements of a list.
   *
   * @return the elements, each with its own key
   * @throws IllegalArgumentException if it is no list
   */
  public List<Setting> items() {
    if (!(value instanceof List<?> list)) {
      throw invalid("is a list");
    }
    List<Setting> items = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      items.add(child(key + '[' + i + ']', list.get(i)));
    }
    return items;
  }

  /**
   * A member of a block.
   *
   * @param name its name
   * @return the member, or {@code null} if there is none
   * @throws IllegalArgumentException if this is no block
   */
  public @Nullable Setting member(String name) {
    Object member = block().get(name);
    return member == null ? null : child(path(name), member);
  }

  /**
   * A switch of a block.
   *
   * @param name its name
   * @return whether it is on; not, if there is none
   * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name) {
    Setting member = member(name);
    return member != null && member.flag();
  }

  /**
   * Checks that a block has no member that nobody would read.
   *
   * @param names what it may have
   * @return this
   * @throws IllegalArgumentException if it has any other
   */
  public Setting allowing(String... names) {
    Set<String> allowed = new LinkedHashSet<>(List.of(names));
    for (String name : block().keySet()) {
      if (!allowed.contains(name)) {
        throw new IllegalArgumentException(
            printable(path(name)) + ": is unknown, allowed are " + String.join(", ", allowed));
      }
    }
    return this;
  }

  /**
   * An error that names the key and, unless it may be a secret, the value.
   *
   * @param allowed what is allowed, such as {@code "are true and false"}
   * @return the error, to be thrown
   */
  public IllegalArgumentException invalid(String allowed) {
    return new IllegalArgumentException(key + ": was " + shown() + ", allowed " + allowed);
  }

  /** Shows nothing: it may be a secret. */
  @Override
  public String toString() {
    return "***";
  }

  /** An error that does not name the value, because it may be a secret. */
  IllegalArgumentException problem(String what) {
    return new IllegalArgumentException(key + ": " + what);
  }

  /**
   * A switch as the OpenTelemetry specification has it.
   *
   * @return whether it is {@code true} in any case; all else is off
   */
  public boolean isTrue() {
    return scalar().equalsIgnoreCase("true");
  }

  int integer(int min, int max) {
    String allowed = "are whole numbers from " + min + " to " + max;
    try {
      int number = new BigDecimal(scalar()).intValueExact();
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(allowed);
    } catch (ArithmeticException e) {
      throw invalid(allowed);
    }
    throw invalid(allowed);
  }

  Duration millis() {
    return Duration.ofMillis(integer(1, Integer.MAX_VALUE));
  }

  /** Of the grammar of all lists in environment variables: separated by commas, no empty parts. */
  List<String> list() {
    List<String> parts = new ArrayList<>();
    for (String part : text().split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  String scalar() {
    boolean isScalar =
        value instanceof String || value instanceof Number || value instanceof Boolean;
    return isScalar ? String.valueOf(value).strip() : "";
  }

  boolean isEmpty() {
    return value instanceof String text && text.isBlank();
  }

  private Map<?, ?> map() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw invalid("is a block of keys and values");
  }

  private Map<String, Object> block() {
    Map<String, Object> block = new LinkedHashMap<>();
    map().forEach((name, member) -> block.put(String.valueOf(name), member));
    return block;
  }

  private String path(String name) {
    return key.isEmpty() ? name : key + '.' + name;
  }

  private static Setting child(String key, @Nullable Object value) {
    return new Setting(key, value == null ? "" : value);
  }

  private String shown() {
    if (value instanceof Map) {
      return "a block";
    }
    if (value instanceof List) {
      return "a list";
    }
    return isSecret() || maySecretBeIn(String.valueOf(value))
        ? "***"
        : '"' + printable(String.valueOf(value)) + '"';
  }

  /** User-info and queries of URLs, and keys in the wrong place. */
  private static boolean maySecretBeIn(String text) {
    return text.indexOf('@') >= 0 || text.indexOf('?') >= 0 || text.contains("-----BEGIN");
  }

  private boolean isSecret() {
    String name = key.toUpperCase(Locale.ROOT).replace('.', '_');
    return SECRETS.stream().anyMatch(name::endsWith);
  }

  /** Messages end up in logs, one line each. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line;
  }
}
