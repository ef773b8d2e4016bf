package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.sdk.config.EffectiveConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Source of a configuration: a map, then the system properties, then the environment, in this order
 * of precedence. Calls on the builder that it fills come before all of them. Immutable; may hold
 * secrets, so it prints nothing.
 *
 * <p>The keys are those of {@code docs/configuration.md}: names of environment variables, or the
 * same in the form of properties ({@code otel.service.name}); KrakenD's configuration as a parser
 * of JSON or YAML returns it, the whole document or its block {@code telemetry/opentelemetry}, or
 * as paths ({@code exporters.otlp[0].host}); the tunnel gateway's flags ({@code
 * --tracing-enabled}).
 */
public final class Configuration {
  private final Map<String, Object> map;
  private final Map<String, String> properties;
  private final Map<String, String> variables;
  private final @Nullable String tracingPrefix;
  private final @Nullable String telemetryPrefix;

  /**
   * System properties and environment variables.
   *
   * @return the configuration
   */
  public static Configuration ofEnvironment() {
    return of(Map.of());
  }

  /**
   * A map, and for keys that it lacks system properties and environment variables.
   *
   * @param map keys and values; copied
   * @return the configuration
   */
  public static Configuration of(Map<String, ?> map) {
    return of(map, entries(System.getProperties()), System.getenv());
  }

  /**
   * Properties, and for keys that they lack system properties and environment variables.
   *
   * @param properties keys and values; copied
   * @return the configuration
   */
  public static Configuration of(Properties properties) {
    return of(entries(properties));
  }

  /** With an environment other than that of the process, for tests. */
  static Configuration of(
      Map<String, ?> map, Map<String, String> properties, Map<String, String> variables) {
    Map<String, Object> copy = new LinkedHashMap<>(Objects.requireNonNull(map, "map"));
    return new Configuration(copy, properties, variables, null, null);
  }

  private Configuration(
      Map<String, Object> map,
      Map<String, String> properties,
      Map<String, String> variables,
      @Nullable String tracingPrefix,
      @Nullable String telemetryPrefix) {
    this.map = map;
    this.properties = properties;
    this.variables = variables;
    this.tracingPrefix = tracingPrefix;
    this.telemetryPrefix = telemetryPrefix;
  }

  /**
   * Reads the tunnel gateway's variables under another prefix than {@code PROXY_TRACING_}. They
   * then decide about traces, which are off unless one of them switches them on, and variables that
   * begin with {@code PROXY_} are not read, so that several telemetries of one process are
   * independent.
   *
   * @param prefix such as {@code CF_TRACING_}
   * @return a copy with this prefix
   */
  public Configuration withTracingPrefix(String prefix) {
    return new Configuration(
        map, properties, variables, Objects.requireNonNull(prefix, "prefix"), telemetryPrefix);
  }

  /**
   * Reads imgproxy's variables under another prefix than {@code PROXY_TELEMETRY_}. Telemetry is off
   * unless they name an endpoint, and variables that begin with {@code PROXY_} are not read. With
   * {@code IMGPROXY_OPEN_TELEMETRY_} the defaults are imgproxy's too.
   *
   * @param prefix such as {@code IMGPROXY_OPEN_TELEMETRY_}
   * @return a copy with this prefix
   */
  public Configuration withTelemetryPrefix(String prefix) {
    return new Configuration(
        map, properties, variables, tracingPrefix, Objects.requireNonNull(prefix, "prefix"));
  }

  EffectiveConfig merge() {
    return new EffectiveConfig(map, properties, variables, tracingPrefix, telemetryPrefix);
  }

  /** Prints nothing: values may be secrets. */
  @Override
  public String toString() {
    return "***";
  }

  private static Map<String, String> entries(Properties properties) {
    Map<String, String> entries = new LinkedHashMap<>();
    // Values that are not strings are skipped.
    properties
        .stringPropertyNames()
        .forEach(name -> entries.put(name, Objects.requireNonNull(properties.getProperty(name))));
    return entries;
  }
}
