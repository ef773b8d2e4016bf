package io.github.proxytelemetry.sdk.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Effective configuration: a map over the system properties over the environment. An empty value
 * counts as absent. Immutable; may hold secrets, so {@link #toString} shows nothing.
 *
 * <p>A variable such as {@code OTEL_SERVICE_NAME} is also the property and the key {@code
 * otel.service.name}. A map may hold KrakenD's {@code telemetry/opentelemetry} besides, as a block,
 * as the whole document around it, or as flat paths.
 */
public final class EffectiveConfig {
  private static final String STANDARD = "OTEL_";
  private static final String TRACING = "PROXY_TRACING_";
  private static final String TELEMETRY = "PROXY_TELEMETRY_";
  private static final String IMGPROXY = "IMGPROXY_OPEN_TELEMETRY_";
  private static final String FLAG = "--tracing-";
  private static final Pattern PREFIX = Pattern.compile("[A-Z][A-Z0-9_]*_");
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");

  private final Map<String, ConfigValue> values = new TreeMap<>();
  private final @Nullable String tracing;
  private final @Nullable String telemetry;
  private final boolean tracingGiven;
  private final boolean telemetryGiven;
  private final KrakendDocument krakend;
  private final @Nullable ConfigValue document;

  /**
   * Merges the sources.
   *
   * @param tracingPrefix prefix of the tunnel gateway's variables, such as {@code CF_TRACING_};
   *     {@code null} for {@code PROXY_TRACING_}, unless the other prefix is given
   * @param telemetryPrefix prefix of imgproxy's variables, such as {@code
   *     IMGPROXY_OPEN_TELEMETRY_}; {@code null} for {@code PROXY_TELEMETRY_}, unless the other
   *     prefix is given
   * @throws IllegalArgumentException if a key of ours is unknown or given twice
   */
  public EffectiveConfig(
      Map<String, ?> map,
      Map<String, String> properties,
      Map<String, String> variables,
      @Nullable String tracingPrefix,
      @Nullable String telemetryPrefix) {
    boolean none = tracingPrefix == null && telemetryPrefix == null;
    this.tracing = none ? TRACING : checked(tracingPrefix);
    this.telemetry = none ? TELEMETRY : checked(telemetryPrefix);
    variables.forEach((name, value) -> putIfOurs(values, name, name, value));
    Map<String, ConfigValue> others = new TreeMap<>();
    properties.forEach((name, value) -> putIfOurs(others, variable(name), name, value));
    override(others);
    others.clear();
    this.krakend = new KrakendDocument(map);
    map.forEach((key, value) -> sort(others, Objects.requireNonNull(key, "key"), value));
    override(others);
    this.document = krakend.block();
    this.tracingGiven = tracingPrefix != null || hasAny(tracing);
    this.telemetryGiven = telemetryPrefix != null || telemetry("ENDPOINT") != null;
    checkNames(tracing, VariableNames.TRACING);
    List<String> telemetryNames = new ArrayList<>(VariableNames.IMGPROXY);
    if (isImgproxy()) {
      telemetryNames.addAll(VariableNames.IMGPROXY_ONLY);
    }
    telemetryNames.addAll(VariableNames.RECORDING);
    checkNames(telemetry, telemetryNames);
  }

  /** Values of all variables, by their names. */
  Map<String, ConfigValue> values() {
    return values;
  }

  /** Value of a standard variable. */
  @Nullable ConfigValue get(String variable) {
    ConfigValue value = values.get(variable);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Value of one of the tunnel gateway's variables, by its name without the prefix. */
  @Nullable ConfigValue tracing(String name) {
    return tracing == null ? null : get(tracing + name);
  }

  /** Value of one of imgproxy's variables, by its name without the prefix. */
  @Nullable ConfigValue telemetry(String name) {
    return telemetry == null ? null : get(telemetry + name);
  }

  /** KrakenD's block {@code telemetry/opentelemetry}. */
  @Nullable ConfigValue document() {
    return document;
  }

  /** Member of {@link #document()}. */
  @Nullable ConfigValue document(String name) {
    return document == null ? null : document.member(name);
  }

  /** What stands beside {@link #document()}. */
  KrakendDocument krakend() {
    return krakend;
  }

  /** Whether the tunnel gateway's variables configure the traces: one is given, or a prefix. */
  boolean hasTracing() {
    return tracingGiven;
  }

  /** Whether imgproxy's defaults apply, as its own prefix is used. */
  boolean isImgproxy() {
    return IMGPROXY.equals(telemetry);
  }

  /** Whether imgproxy's variables configure traces and metrics. */
  boolean hasTelemetry() {
    return telemetryGiven;
  }

  /** As the tunnel gateway reads it: 1 or true in any case, and off for all else. */
  boolean isTracingOn() {
    ConfigValue enabled = tracing("ENABLED");
    String given = enabled == null ? "" : enabled.scalar();
    return given.equals("1") || given.equalsIgnoreCase("true");
  }

  /** Full name of a variable, for messages. */
  String tracingKey(String name) {
    return tracing + name;
  }

  String telemetryKey(String name) {
    return telemetry + name;
  }

  @Override
  public String toString() {
    return "***";
  }

  private void sort(Map<String, ConfigValue> own, String key, @Nullable Object value) {
    if (key.startsWith(FLAG)) {
      if (tracing != null) {
        putIfOurs(own, tracing + variable(key.substring(FLAG.length())), key, value);
      }
    } else if (isOurs(variable(key)) && key.indexOf('[') < 0) {
      putIfOurs(own, variable(key), key, value);
    } else if (!krakend.add(key, value)
        && !VARIABLE.matcher(key).matches()
        && !key.startsWith("--")) {
      throw new IllegalArgumentException(
          key
              + ": is unknown; expected "
              + String.join(", ", KrakendDocument.NAMES)
              + ", and environment variables");
    }
  }

  private void putIfOurs(
      Map<String, ConfigValue> into, String variable, String key, @Nullable Object value) {
    if (value != null && isOurs(variable)) {
      ConfigValue before = into.put(variable, new ConfigValue(key, value));
      if (before != null) {
        throw new IllegalArgumentException(
            key + ": is given twice, also as " + before.key() + "; expected once");
      }
    }
  }

  private void override(Map<String, ConfigValue> others) {
    others.forEach(
        (name, value) -> {
          if (!value.isEmpty() || !values.containsKey(name)) {
            values.put(name, value);
          }
        });
  }

  private boolean isOurs(String variable) {
    return variable.startsWith(STANDARD)
        || (isImgproxy() && variable.startsWith(VariableNames.PROMETHEUS))
        || (tracing != null && variable.startsWith(tracing))
        || (telemetry != null && variable.startsWith(telemetry));
  }

  private boolean hasAny(@Nullable String prefix) {
    return prefix != null
        && values.keySet().stream().anyMatch(name -> name.startsWith(prefix) && get(name) != null);
  }

  private void checkNames(@Nullable String prefix, List<String> known) {
    if (prefix == null) {
      return;
    }
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && !known.contains(name.substring(prefix.length()))) {
            throw new IllegalArgumentException(
                value.key()
                    + ": is unknown; expected "
                    + prefix
                    + String.join(", " + prefix, known));
          }
        });
  }

  private static @Nullable String checked(@Nullable String prefix) {
    if (prefix != null && (!PREFIX.matcher(prefix).matches() || prefix.startsWith(STANDARD))) {
      throw new IllegalArgumentException(
          "prefix: invalid value \""
              + prefix
              + "\"; expected capital letters, digits and underscores with one at the end, but not"
              + " OTEL_");
    }
    return prefix;
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
