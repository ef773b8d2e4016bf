package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.sdk.Setting;
import io.github.proxytelemetry.otel.sdk.Settings;
import io.github.proxytelemetry.otel.sdk.TelemetrySdkBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Translates a configuration to calls of the builder, for what no call has set. */
final class Configuration {
  /** The defaults of KrakenD, whose paths end in a slash where they stand for a subtree. */
  private static final String[] KRAKEND_SKIPPED = {
    "/__health", "/__debug/", "/__echo/", "/__stats/"
  };

  private @Nullable Map<String, ?> map;
  private @Nullable String tracingPrefix;
  private @Nullable String telemetryPrefix;
  private @Nullable Map<String, String> properties;
  private @Nullable Map<String, String> variables;
  private boolean applied;

  static Map<String, String> entries(Properties properties) {
    Map<String, String> entries = new LinkedHashMap<>();
    // One that is no text is of no use here.
    properties
        .stringPropertyNames()
        .forEach(name -> entries.put(name, Objects.requireNonNull(properties.getProperty(name))));
    return entries;
  }

  void map(Map<String, ?> map) {
    this.map = new LinkedHashMap<>(Objects.requireNonNull(map, "configuration"));
  }

  void tracingPrefix(String prefix) {
    this.tracingPrefix = Objects.requireNonNull(prefix, "prefix");
  }

  void telemetryPrefix(String prefix) {
    this.telemetryPrefix = Objects.requireNonNull(prefix, "prefix");
  }

  void environment(Map<String, String> properties, Map<String, String> variables) {
    this.properties = properties;
    this.variables = variables;
  }

  /** Returns whether there is anything to do: without a configuration there always is. */
  boolean apply(OtelProxyTelemetryBuilder builder, TelemetrySdkBuilder sdk) {
    if (map == null && tracingPrefix == null && telemetryPrefix == null) {
      return true;
    }
    Settings settings =
        Settings.of(
            map == null ? Map.of() : map,
            properties == null ? entries(System.getProperties()) : properties,
            variables == null ? System.getenv() : variables,
            tracingPrefix,
            telemetryPrefix);
    Setting disabled = settings.get("OTEL_SDK_DISABLED");
    if (disabled != null && disabled.isTrue()) {
      return false;
    }
    if (!applied) {
      applied = true;
      sdk.configuration(settings);
    }
    if (!sdk.hasExporters()) {
      return false;
    }
    applyTo(builder, settings);
    return true;
  }

  private static void applyTo(OtelProxyTelemetryBuilder builder, Settings settings) {
    Setting document = settings.document();
    Sampling sampling = sampling(settings, document);
    if (builder.sampling == null && sampling != null) {
      builder.sampling(sampling);
    }
    if (builder.naming == null && document != null) {
      builder.naming(MetricNaming.KRAKEND);
    } else if (builder.naming == null && settings.isImgproxy()) {
      builder.naming(MetricNaming.privacyProxy(""));
    }
    if (document == null) {
      return;
    }
    Layers layers = KrakendLayers.read(document.member("layers"));
    if (builder.layers == null) {
      builder.layers(layers);
    }
    String[] skipped = skipped(document.member("skip_paths"));
    if (!builder.policy.skipsAny()) {
      builder.skipPaths(skipped);
    }
  }

  private static @Nullable Sampling sampling(Settings settings, @Nullable Setting document) {
    Setting rate = settings.hasTracing() ? settings.tracing("SAMPLE_RATE") : null;
    if (rate == null && document != null) {
      rate = document.member("trace_sample_rate");
    }
    if (rate != null) {
      return Sampling.ratio(rate.ratio());
    }
    Setting sampler = settings.get("OTEL_TRACES_SAMPLER");
    if (sampler != null) {
      return sampling(sampler, settings.get("OTEL_TRACES_SAMPLER_ARG"));
    }
    boolean all = settings.hasTracing() || document != null || settings.isImgproxy();
    return all ? Sampling.always() : null;
  }

  /** With and without a parent's decision is the same: one that comes in is always kept. */
  private static Sampling sampling(Setting sampler, @Nullable Setting argument) {
    return switch (sampler.text()) {
      case "always_on", "parentbased_always_on" -> Sampling.always();
      case "always_off", "parentbased_always_off" -> Sampling.never();
      case "traceidratio", "parentbased_traceidratio" ->
          argument == null ? Sampling.always() : Sampling.ratio(argument.ratio());
      default ->
          throw sampler.invalid(
              "are always_on, always_off, traceidratio, parentbased_always_on,"
                  + " parentbased_always_off and parentbased_traceidratio");
    };
  }

  private static String[] skipped(@Nullable Setting list) {
    if (list == null) {
      return KRAKEND_SKIPPED;
    }
    List<String> templates = new ArrayList<>();
    for (Setting item : list.items()) {
      String template = item.text();
      if (!template.isEmpty()) {
        templates.add(checked(item, template));
      }
    }
    return templates.toArray(String[]::new);
  }

  private static String checked(Setting item, String template) {
    try {
      PathTemplate.of(template);
    } catch (IllegalArgumentException e) {
      throw item.invalid("are paths such as /foo/{bar}, and those that end in / for all below");
    }
    return template;
  }
}
