package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.otel.sdk.TelemetrySdkBuilder;
import io.github.proxytelemetry.otel.sdk.TraceIdGenerator;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The part of the builder that describes the proxy and says where the rest is configured. */
abstract class ConfigurableBuilder {
  final TelemetrySdkBuilder sdk;
  final Configuration configuration = new Configuration();
  @Nullable ServerTiming serverTiming = ServerTiming.named("proxy");

  ConfigurableBuilder(TelemetrySdkBuilder sdk) {
    this.sdk = sdk;
  }

  abstract OtelProxyTelemetryBuilder self();

  /**
   * The proxy's version ({@code service.version}).
   *
   * @param version any text
   * @return this
   */
  public OtelProxyTelemetryBuilder serviceVersion(String version) {
    sdk.serviceVersion(version);
    return self();
  }

  /**
   * Where the proxy runs ({@code deployment.environment.name}).
   *
   * @param environment a name, such as {@code production}
   * @return this
   */
  public OtelProxyTelemetryBuilder environment(String environment) {
    sdk.environment(environment);
    return self();
  }

  /**
   * Describes the proxy, in all signals.
   *
   * @param key an attribute's name, such as {@code service.instance.id}
   * @param value its value
   * @return this
   */
  public OtelProxyTelemetryBuilder resourceAttribute(String key, String value) {
    sdk.resourceAttribute(key, value);
    return self();
  }

  /**
   * How often metrics are sent over OTLP, where an exporter's options say nothing else. The default
   * is 30 seconds.
   *
   * @param interval the time between two exports, above zero
   * @return this
   * @throws IllegalArgumentException if it is zero or negative
   */
  public OtelProxyTelemetryBuilder metricInterval(Duration interval) {
    sdk.metricInterval(interval);
    return self();
  }

  /**
   * In which headers trace contexts are carried. Baggage, which may be about the client, is carried
   * only where {@code baggage} is one of them.
   *
   * @param names any of {@code tracecontext}, which is the default, {@code baggage}, {@code b3},
   *     {@code b3multi}, {@code jaeger}, {@code xray}, {@code ottrace}, or {@code none} alone
   * @return this
   * @throws IllegalArgumentException if a name is another
   */
  public OtelProxyTelemetryBuilder propagators(String... names) {
    sdk.propagators(names);
    return self();
  }

  /**
   * How trace ids are made. The default is {@link TraceIdGenerator#RANDOM}.
   *
   * @param generator how
   * @return this
   */
  public OtelProxyTelemetryBuilder traceIdGenerator(TraceIdGenerator generator) {
    sdk.traceIdGenerator(generator);
    return self();
  }

  /**
   * Leaves to a configuration what no call sets: this map first, then the system properties, then
   * the environment. Its exporters are added to those of calls.
   *
   * <p>The map has the keys of {@code docs/configuration.md}: names of environment variables, or
   * the same in the form of properties ({@code otel.service.name}); KrakenD's configuration as a
   * parser of JSON or YAML gives it, the whole document or its block {@code
   * telemetry/opentelemetry}, or as paths ({@code exporters.otlp[0].host}); the tunnel gateway's
   * flags ({@code --tracing-enabled}).
   *
   * <p>Where the configuration asks for no exporter and no call adds one, or {@code
   * OTEL_SDK_DISABLED} is {@code true}, what is built is switched off.
   *
   * @param configuration keys and values, read at once; a second call replaces the first
   * @return this
   */
  public OtelProxyTelemetryBuilder configuration(Map<String, ?> configuration) {
    this.configuration.map(configuration);
    return self();
  }

  /**
   * The same as {@link #configuration(Map)}.
   *
   * @param configuration keys and values, read at once
   * @return this
   */
  public OtelProxyTelemetryBuilder configuration(Properties configuration) {
    this.configuration.map(Configuration.entries(configuration));
    return self();
  }

  /**
   * What the tunnel gateway's variables begin with, instead of {@code PROXY_TRACING_}. They then
   * decide about traces, which are off unless one of them says otherwise, and variables that begin
   * with {@code PROXY_} are not read, so that several telemetries of one process are independent.
   *
   * @param prefix such as {@code CF_TRACING_}
   * @return this
   */
  public OtelProxyTelemetryBuilder tracingPrefix(String prefix) {
    configuration.tracingPrefix(prefix);
    return self();
  }

  /**
   * What imgproxy's variables begin with, instead of {@code PROXY_TELEMETRY_}. It is off unless
   * they name an endpoint, and variables that begin with {@code PROXY_} are not read. With {@code
   * IMGPROXY_OPEN_TELEMETRY_} the defaults are imgproxy's too.
   *
   * @param prefix such as {@code IMGPROXY_OPEN_TELEMETRY_}
   * @return this
   */
  public OtelProxyTelemetryBuilder telemetryPrefix(String prefix) {
    configuration.telemetryPrefix(prefix);
    return self();
  }

  /** For a host whose environment is not that of the process, such as a test. */
  OtelProxyTelemetryBuilder environment(
      Map<String, String> properties, Map<String, String> variables) {
    configuration.environment(properties, variables);
    return self();
  }

  /**
   * What is added to responses. The default is a member called {@code proxy}.
   *
   * @param serverTiming the member
   * @return this
   */
  public OtelProxyTelemetryBuilder serverTiming(ServerTiming serverTiming) {
    this.serverTiming = Objects.requireNonNull(serverTiming, "serverTiming");
    return self();
  }

  /**
   * Adds no {@code Server-Timing} to responses.
   *
   * @return this
   */
  public OtelProxyTelemetryBuilder withoutServerTiming() {
    this.serverTiming = null;
    return self();
  }
}
