package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.sdk.export.Propagators;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reader of a whole configuration into the specification of an SDK. */
public final class ConfigReader {
  private static final String DEPLOYMENT = "deployment.environment.name";

  /** KrakenD's defaults; a trailing slash stands for all paths below. */
  private static final String[] KRAKEND_SKIPPED = {
    "/__health", "/__debug/", "/__echo/", "/__stats/"
  };

  private final EffectiveConfig config;
  private final SdkSpec sdk;

  /**
   * Fills a specification.
   *
   * @return what the configuration sets of the recording options
   * @throws IllegalArgumentException if a key is unknown or a value invalid
   */
  public static Consumer<OtelProxyTelemetryBuilder> read(EffectiveConfig config, SdkSpec sdk) {
    ConfigValue disabled = config.get("OTEL_SDK_DISABLED");
    if (disabled != null && disabled.isTrue()) {
      sdk.disabled = true;
      return recording -> {};
    }
    MisspeltKeys.warn(config.values());
    ConfigReader reader = new ConfigReader(config, sdk);
    reader.addExporters();
    reader.describeService();
    reader.choosePropagators();
    reader.chooseTraceIds();
    reader.chooseInterval();
    if (!sdk.hasExporters()) {
      return recording -> {};
    }
    Sampling sampling = reader.sampling();
    if (sampling != null) {
      sdk.sampling = sampling;
    }
    return reader.recording();
  }

  private ConfigReader(EffectiveConfig config, SdkSpec sdk) {
    this.config = config;
    this.sdk = sdk;
  }

  private void addExporters() {
    ConfigValue block = config.document("exporters");
    if (block != null) {
      KrakendConfiguration.addTo(sdk, block);
    }
    new ImgproxyConfiguration(config).addTo(sdk);
    if (config.hasTracing()) {
      GatewayConfiguration.addTo(sdk, config);
    }
    if (block == null) {
      new StandardExporters(config).addTo(sdk, config.hasTracing() || config.hasTelemetry());
    }
  }

  private void describeService() {
    Map<String, String> attributes = sdk.resource;
    ConfigValue given = config.get("OTEL_RESOURCE_ATTRIBUTES");
    if (given != null) {
      attributes.putAll(KeyValueList.read(given));
    }
    put(attributes, "service.name", config.get("OTEL_SERVICE_NAME"));
    put(attributes, "service.name", config.telemetry("SERVICE_NAME"));
    put(attributes, "service.name", config.document("service_name"));
    put(attributes, "service.version", config.document("service_version"));
    put(attributes, DEPLOYMENT, config.document("deploy_env"));
  }

  private void choosePropagators() {
    ConfigValue list = config.telemetry("PROPAGATORS");
    if (list == null) {
      list = config.get("OTEL_PROPAGATORS");
    }
    if (list != null) {
      sdk.propagators = Propagators.of(list.key(), list.list());
    } else if (config.isImgproxy()) {
      sdk.propagators = Propagators.of("", List.of());
    }
  }

  private void chooseTraceIds() {
    ConfigValue name = config.telemetry("TRACE_ID_GENERATOR");
    if (name == null) {
      sdk.xrayIds = config.isImgproxy();
    } else if (name.text().equals("xray") || name.text().equals("random")) {
      sdk.xrayIds = name.text().equals("xray");
    } else {
      throw name.invalid("xray or random");
    }
  }

  private void chooseInterval() {
    ConfigValue seconds = config.document("metric_reporting_period");
    ConfigValue millis = config.get("OTEL_METRIC_EXPORT_INTERVAL");
    if (seconds != null) {
      sdk.metricInterval = KrakendConfiguration.seconds(seconds);
    } else if (millis != null) {
      sdk.metricInterval = millis.millis();
    }
  }

  private Consumer<OtelProxyTelemetryBuilder> recording() {
    if (config.document() == null) {
      return config.isImgproxy()
          ? recording -> recording.naming(MetricNaming.privacyProxy(""))
          : recording -> {};
    }
    Layers layers = KrakendLayers.read(config.document("layers"));
    String[] skipped = skipped(config.document("skip_paths"));
    return recording -> recording.naming(MetricNaming.KRAKEND).layers(layers).skipPaths(skipped);
  }

  private @Nullable Sampling sampling() {
    // PROXY_TRACING_SAMPLE_RATE, or under another prefix.
    ConfigValue rate = config.hasTracing() ? config.tracing("SAMPLE_RATE") : null;
    if (rate == null) {
      rate = config.document("trace_sample_rate");
    }
    if (rate != null) {
      return Sampling.ratio(rate.ratio());
    }
    ConfigValue sampler = config.get("OTEL_TRACES_SAMPLER");
    if (sampler != null) {
      return sampling(sampler, config.get("OTEL_TRACES_SAMPLER_ARG"));
    }
    boolean all = config.hasTracing() || config.document() != null || config.isImgproxy();
    return all ? Sampling.always() : null;
  }

  /** The same with and without "parentbased_": an inbound decision is always followed. */
  private static Sampling sampling(ConfigValue sampler, @Nullable ConfigValue argument) {
    return switch (sampler.text()) {
      case "always_on", "parentbased_always_on" -> Sampling.always();
      case "always_off", "parentbased_always_off" -> Sampling.never();
      case "traceidratio", "parentbased_traceidratio" ->
          argument == null ? Sampling.always() : Sampling.ratio(argument.ratio());
      default ->
          throw sampler.invalid(
              "always_on, always_off, traceidratio, parentbased_always_on,"
                  + " parentbased_always_off or parentbased_traceidratio");
    };
  }

  private static String[] skipped(@Nullable ConfigValue list) {
    if (list == null) {
      return KRAKEND_SKIPPED;
    }
    List<String> templates = new ArrayList<>();
    for (ConfigValue item : list.items()) {
      String template = item.text();
      if (!template.isEmpty()) {
        templates.add(checked(item, template));
      }
    }
    return templates.toArray(String[]::new);
  }

  private static String checked(ConfigValue item, String template) {
    try {
      PathTemplate.of(template);
    } catch (IllegalArgumentException e) {
      throw item.invalid("a path such as /foo/{bar}, which may end in / for all below");
    }
    return template;
  }

  private static void put(Map<String, String> attributes, String key, @Nullable ConfigValue value) {
    if (value != null && !value.isEmpty()) {
      attributes.put(key, value.text());
    }
  }
}
