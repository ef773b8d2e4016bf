package io.github.proxytelemetry.sdk;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration: what a map, the system properties and the environment say, in this order of
 * precedence. An empty value is none. Immutable; may hold secrets, so it shows nothing.
 *
 * <p>A variable such as {@code OTEL_SERVICE_NAME} is also the property and the key {@code
 * otel.service.name}. A map may hold KrakenD's {@code telemetry/opentelemetry} besides, as a block,
 * as the whole document around it, or as flat paths.
 */
final class Settings {
  private static final String STANDARD = "OTEL_";
  private static final String TRACING = "PROXY_TRACING_";
  private static final String TELEMETRY = "PROXY_TELEMETRY_";
  private static final String IMGPROXY = "IMGPROXY_OPEN_TELEMETRY_";
  private static final String FLAG = "--tracing-";
  private static final String NAMESPACE = "telemetry/opentelemetry";
  private static final String WHOLE = "extra_config";
  private static final Pattern PREFIX = Pattern.compile("[A-Z][A-Z0-9_]*_");
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");

  private static final List<String> TRACING_NAMES = List.of("ENABLED", "ENDPOINT", "SAMPLE_RATE");
  private static final List<String> TELEMETRY_NAMES =
      List.of(
          "ENDPOINT",
          "PROTOCOL",
          "SERVICE_NAME",
          "PROPAGATORS",
          "GRPC_INSECURE",
          "ENABLE_METRICS",
          "TRACE_ID_GENERATOR",
          "SERVER_CERT",
          "CLIENT_CERT",
          "CLIENT_KEY");
  static final String[] DOCUMENT_NAMES = {
    "service_name",
    "service_version",
    "deploy_env",
    "exporters",
    "layers",
    "skip_paths",
    "metric_reporting_period",
    "trace_sample_rate"
  };

  private final Map<String, Setting> values = new TreeMap<>();
  private final @Nullable String tracing;
  private final @Nullable String telemetry;
  private final boolean tracingGiven;
  private final boolean telemetryGiven;
  private final @Nullable Setting document;

  /**
   * Reads a configuration.
   *
   * @param map what the host says
   * @param properties the system properties
   * @param variables the environment
   * @param tracingPrefix what the tunnel gateway's three variables begin with, such as {@code
   *     CF_TRACING_}; {@code null} for {@code PROXY_TRACING_}, unless the other prefix is given
   * @param telemetryPrefix what imgproxy's variables begin with, such as {@code
   *     IMGPROXY_OPEN_TELEMETRY_}; {@code null} for {@code PROXY_TELEMETRY_}, unless the other
   *     prefix is given
   * @return the configuration
   * @throws IllegalArgumentException if a key that must be ours is unknown, or one is given twice
   */
  public static Settings of(
      Map<String, ?> map,
      Map<String, String> properties,
      Map<String, String> variables,
      @Nullable String tracingPrefix,
      @Nullable String telemetryPrefix) {
    return new Settings(map, properties, variables, tracingPrefix, telemetryPrefix);
  }

  private Settings(
      Map<String, ?> map,
      Map<String, String> properties,
      Map<String, String> variables,
      @Nullable String tracingPrefix,
      @Nullable String telemetryPrefix) {
    boolean none = tracingPrefix == null && telemetryPrefix == null;
    this.tracing = none ? TRACING : checked(tracingPrefix);
    this.telemetry = none ? TELEMETRY : checked(telemetryPrefix);
    variables.forEach((name, value) -> putIfOurs(values, name, name, value));
    Map<String, Setting> others = new TreeMap<>();
    properties.forEach((name, value) -> putIfOurs(others, variable(name), name, value));
    override(others);
    others.clear();
    SettingTree tree = new SettingTree();
    map.forEach((key, value) -> sort(others, tree, map, Objects.requireNonNull(key, "key"), value));
    override(others);
    this.document = tree.isEmpty() ? null : tree.build().allowing(DOCUMENT_NAMES);
    this.tracingGiven = tracingPrefix != null || hasAny(tracing);
    this.telemetryGiven = telemetryPrefix != null || telemetry("ENDPOINT") != null;
    checkNames(tracing, TRACING_NAMES);
    checkNames(telemetry, TELEMETRY_NAMES);
  }

  /**
   * A standard value.
   *
   * @param variable the name of its variable
   * @return the value, or {@code null} if there is none
   */
  public @Nullable Setting get(String variable) {
    Setting value = values.get(variable);
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * One of the tunnel gateway's values.
   *
   * @param name what follows the prefix
   * @return the value, or {@code null} if there is none
   */
  public @Nullable Setting tracing(String name) {
    return tracing == null ? null : get(tracing + name);
  }

  /**
   * One of imgproxy's values.
   *
   * @param name what follows the prefix
   * @return the value, or {@code null} if there is none
   */
  public @Nullable Setting telemetry(String name) {
    return telemetry == null ? null : get(telemetry + name);
  }

  /**
   * KrakenD's configuration.
   *
   * @return the block {@code telemetry/opentelemetry}, or {@code null} if there is none
   */
  public @Nullable Setting document() {
    return document;
  }

  /**
   * Whether the tunnel gateway's variables decide about traces: their prefix was asked for, or one
   * of them is there.
   *
   * @return whether they do
   */
  public boolean hasTracing() {
    return tracingGiven;
  }

  /**
   * Whether the variables are those of imgproxy itself, with its defaults.
   *
   * @return whether they are
   */
  public boolean isImgproxy() {
    return IMGPROXY.equals(telemetry);
  }

  /** Whether imgproxy's variables decide about traces and metrics. */
  boolean hasTelemetry() {
    return telemetryGiven;
  }

  /** As the tunnel gateway reads it: 1 or true in any case, and off for all else. */
  boolean isTracingOn() {
    Setting enabled = tracing("ENABLED");
    String given = enabled == null ? "" : enabled.scalar();
    return given.equals("1") || given.equalsIgnoreCase("true");
  }

  /** How a name is called where it was not given, for messages. */
  String tracingKey(String name) {
    return tracing + name;
  }

  String telemetryKey(String name) {
    return telemetry + name;
  }

  /** Shows nothing: some of it may be secret. */
  @Override
  public String toString() {
    return "***";
  }

  private void sort(
      Map<String, Setting> own,
      SettingTree tree,
      Map<String, ?> map,
      String key,
      @Nullable Object value) {
    if (key.equals(WHOLE) || key.equals(NAMESPACE)) {
      addDocument(tree, key, value);
    } else if (key.startsWith(FLAG)) {
      if (tracing != null) {
        putIfOurs(own, tracing + variable(key.substring(FLAG.length())), key, value);
      }
    } else if (isOurs(variable(key)) && key.indexOf('[') < 0) {
      putIfOurs(own, variable(key), key, value);
    } else if (List.of(DOCUMENT_NAMES).contains(key.split("[.\\[]", 2)[0])) {
      tree.add(key, value);
    } else if (!map.containsKey(WHOLE)
        && !VARIABLE.matcher(key).matches()
        && !key.startsWith("--")) {
      throw new IllegalArgumentException(
          key
              + ": is unknown, allowed are "
              + String.join(", ", DOCUMENT_NAMES)
              + ", and environment variables");
    }
  }

  private static void addDocument(SettingTree tree, String key, @Nullable Object value) {
    Object block = value;
    if (key.equals(WHOLE) && value instanceof Map<?, ?> whole) {
      block = whole.get(NAMESPACE);
    }
    if (block instanceof Map<?, ?> members) {
      members.forEach((name, member) -> tree.add(String.valueOf(name), member));
    } else if (block != null) {
      throw new Setting(key, block).invalid("is a block of keys and values");
    }
  }

  private void putIfOurs(
      Map<String, Setting> into, String variable, String key, @Nullable Object value) {
    if (value != null && isOurs(variable)) {
      Setting before = into.put(variable, new Setting(key, value));
      if (before != null) {
        throw new IllegalArgumentException(
            key + ": was given twice, also as " + before.key() + ", allowed is once");
      }
    }
  }

  private void override(Map<String, Setting> others) {
    others.forEach(
        (name, value) -> {
          if (!value.isEmpty() || !values.containsKey(name)) {
            values.put(name, value);
          }
        });
  }

  private boolean isOurs(String variable) {
    return variable.startsWith(STANDARD)
        || (tracing != null && variable.startsWith(tracing))
        || (telemetry != null && variable.startsWith(telemetry));
  }

  private boolean hasAny(@Nullable String prefix) {
    return prefix != null
        && values.keySet().stream().anyMatch(name -> name.startsWith(prefix) && get(name) != null);
  }

  private void checkNames(@Nullable String prefix, List<String> allowed) {
    if (prefix == null) {
      return;
    }
    values.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && !allowed.contains(name.substring(prefix.length()))) {
            throw new IllegalArgumentException(
                value.key()
                    + ": is unknown, allowed are "
                    + prefix
                    + String.join(", " + prefix, allowed));
          }
        });
  }

  private static @Nullable String checked(@Nullable String prefix) {
    if (prefix != null && (!PREFIX.matcher(prefix).matches() || prefix.startsWith(STANDARD))) {
      throw new IllegalArgumentException(
          "prefix: was \""
              + prefix
              + "\", allowed are capital letters, digits and underscores with one at the end, but"
              + " not OTEL_");
    }
    return prefix;
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
