package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.sdk.export.Propagators;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reader of a whole configuration into the specification of an SDK. */
public final class ConfigReader {
  /** The key of the conventions, and the one that KrakenD has kept. */
  private static final String[] DEPLOYMENT = {
    "deployment.environment.name", "deployment.environment"
  };

  /** KrakenD's defaults; a trailing slash stands for all paths below. */
  private static final String[] KRAKEND_SKIPPED = {
    "/__health", "/__debug/", "/__echo/", "/__stats/"
  };

  private final EffectiveConfig config;
  private final SdkSpec sdk;
  private final Notices notices = new Notices();
  private final ImgproxyConfiguration imgproxy;
  private final RecordingVariables variables;

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
    Consumer<OtelProxyTelemetryBuilder> recording = reader.read();
    reader.notices.log();
    return recording;
  }

  private ConfigReader(EffectiveConfig config, SdkSpec sdk) {
    this.config = config;
    this.sdk = sdk;
    this.imgproxy = new ImgproxyConfiguration(config, notices);
    this.variables = new RecordingVariables(config);
  }

  private Consumer<OtelProxyTelemetryBuilder> read() {
    addExporters();
    describeService();
    choosePropagators();
    chooseTraceIds();
    chooseInterval();
    // Also where no exporter is configured here: a call may add one.
    if (sdk.hasExporters() || config.get("OTEL_TRACES_SAMPLER") != null) {
      Sampling sampling = sampling();
      sdk.sampling = variables.sampling(sampling == null ? sdk.sampling : sampling);
    }
    return exemplars().andThen(recording());
  }

  private void addExporters() {
    KrakendConfiguration.addTo(sdk, config, notices);
    imgproxy.addTo(sdk);
    if (config.hasTracing()) {
      GatewayConfiguration.addTo(sdk, config, notices);
    }
    if (config.document("exporters") == null) {
      new StandardExporters(config, notices)
          .addTo(sdk, config.hasTracing() || config.hasTelemetry());
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
    put(attributes, "service.version", config.document("service_version"));
    for (String key : DEPLOYMENT) {
      put(attributes, key, config.document("deploy_env"));
    }
    if (config.document() != null) {
      put(attributes, "service.name", config.krakend().name());
      put(attributes, "service.name", config.document("service_name"));
      attributes.putIfAbsent("service.name", "KrakenD");
    } else if (config.isImgproxy()) {
      attributes.putIfAbsent("service.name", "imgproxy");
    }
  }

  private void choosePropagators() {
    ConfigValue own = config.telemetry("PROPAGATORS");
    ConfigValue standard = config.get("OTEL_PROPAGATORS");
    List<String> known = standard == null ? List.of() : known(standard);
    if (own != null) {
      sdk.propagators = Propagators.of(own.key(), own.list());
    } else if (standard != null && !known.isEmpty()) {
      sdk.propagators = Propagators.of(standard.key(), known);
    } else if (config.isImgproxy()) {
      sdk.propagators = imgproxy.propagators();
    }
  }

  private List<String> known(ConfigValue propagators) {
    List<String> names = new ArrayList<>(propagators.words());
    if (names.removeIf(name -> !Propagators.NAMES.contains(name))) {
      notices.ignored(propagators, Propagators.EXPECTED);
    }
    return names;
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
    Duration krakend = KrakendConfiguration.seconds(config.document("metric_reporting_period"));
    ConfigValue millis = config.get("OTEL_METRIC_EXPORT_INTERVAL");
    if (krakend != null) {
      sdk.metricInterval = krakend;
    } else if (millis != null) {
      sdk.metricInterval = millis.millis();
    }
  }

  private Consumer<OtelProxyTelemetryBuilder> exemplars() {
    ConfigValue filter = config.get("OTEL_METRICS_EXEMPLAR_FILTER");
    String name = filter == null ? "always_off" : filter.word();
    boolean on = name.equals("trace_based") || name.equals("always_on");
    if (filter != null && !on && !name.equals("always_off")) {
      notices.ignored(filter, "trace_based, always_on or always_off");
    }
    sdk.exemplarsOfAll = name.equals("always_on");
    return on ? options -> options.metrics(metrics -> metrics.exemplars(true)) : options -> {};
  }

  private Consumer<OtelProxyTelemetryBuilder> recording() {
    MetricNaming naming = variables.naming();
    Consumer<OtelProxyTelemetryBuilder> recording = variables.recording();
    if (config.document() != null) {
      recording = krakend(naming).andThen(recording);
    } else if (naming != null) {
      recording = recording.andThen(options -> options.naming(naming));
    } else if (config.isImgproxy()) {
      MetricNaming own = imgproxy.naming();
      recording = recording.andThen(options -> options.naming(own));
    }
    return config.isImgproxy() && !imgproxy.propagates()
        ? recording.andThen(options -> options.propagateTo(upstream -> false))
        : recording;
  }

  private Consumer<OtelProxyTelemetryBuilder> krakend(@Nullable MetricNaming given) {
    config
        .krakend()
        .overrides()
        .forEach(path -> notices.add(path, "layers are the same for all endpoints and backends"));
    Layers layers = KrakendLayers.read(config.document("layers"), notices);
    MetricNaming naming = KrakendNames.read(config, given);
    String[] skipped = skipped(config.document("skip_paths"));
    return recording -> recording.naming(naming).layers(layers).skipPaths(skipped);
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
    Sampling standard =
        sampler == null ? null : sampling(sampler, config.get("OTEL_TRACES_SAMPLER_ARG"));
    if (standard != null) {
      return standard;
    }
    boolean all = config.hasTracing() || config.document() != null || config.isImgproxy();
    return all ? Sampling.always() : null;
  }

  /** The same with and without "parentbased_": an inbound decision is always followed. */
  private @Nullable Sampling sampling(ConfigValue sampler, @Nullable ConfigValue argument) {
    return switch (sampler.word()) {
      case "always_on", "parentbased_always_on" -> Sampling.always();
      case "always_off", "parentbased_always_off" -> Sampling.never();
      case "traceidratio", "parentbased_traceidratio" ->
          argument == null ? Sampling.always() : Sampling.ratio(argument.ratio());
      default -> {
        notices.ignored(
            sampler,
            "always_on, always_off, traceidratio, parentbased_always_on,"
                + " parentbased_always_off or parentbased_traceidratio");
        yield null;
      }
    };
  }

  private static String[] skipped(@Nullable ConfigValue list) {
    if (list == null) {
      return KRAKEND_SKIPPED;
    }
    List<String> templates = new ArrayList<>();
    for (ConfigValue item : list.items()) {
      if (!item.text().isEmpty()) {
        templates.add(item.template());
      }
    }
    return templates.toArray(String[]::new);
  }

  private static void put(Map<String, String> attributes, String key, @Nullable ConfigValue value) {
    if (value != null && !value.isEmpty()) {
      attributes.put(key, value.text());
    }
  }
}
