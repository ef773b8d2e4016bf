package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.PathTemplate;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates a configuration to calls of a builder, for what no call has set. */
final class Configured {
  private static final String DEPLOYMENT = "deployment.environment.name";

  /** The defaults of KrakenD, whose paths end in a slash where they stand for a subtree. */
  private static final String[] KRAKEND_SKIPPED = {
    "/__health", "/__debug/", "/__echo/", "/__stats/"
  };

  private final ProxyTelemetrySdkBuilder sdk;
  private final Settings settings;

  static void apply(Settings settings, ProxyTelemetrySdkBuilder sdk) {
    Setting disabled = settings.get("OTEL_SDK_DISABLED");
    if (disabled != null && disabled.isTrue()) {
      sdk.disabled = true;
      return;
    }
    Configured configured = new Configured(settings, sdk);
    configured.addExporters();
    configured.describeService();
    configured.choosePropagators();
    configured.chooseTraceIds();
    configured.chooseInterval();
    if (sdk.hasExporters()) {
      configured.chooseRecording();
    }
  }

  private Configured(Settings settings, ProxyTelemetrySdkBuilder sdk) {
    this.settings = settings;
    this.sdk = sdk;
  }

  private void addExporters() {
    Setting block = member("exporters");
    boolean isDecided = block != null;
    if (block != null) {
      KrakendExporters.addTo(sdk, block);
    }
    ImgproxyExporter imgproxy = new ImgproxyExporter(settings);
    imgproxy.addTo(sdk);
    if (settings.hasTracing()) {
      GatewayExporter.addTo(sdk, settings);
    }
    if (!isDecided) {
      boolean own = settings.hasTracing() || settings.hasTelemetry();
      new StandardExporters(settings).addTo(sdk, own, own);
    }
  }

  private void describeService() {
    Map<String, String> attributes = new LinkedHashMap<>();
    Setting given = settings.get("OTEL_RESOURCE_ATTRIBUTES");
    if (given != null) {
      attributes.putAll(Assignments.read(given));
    }
    put(attributes, "service.name", settings.get("OTEL_SERVICE_NAME"));
    put(attributes, "service.name", settings.telemetry("SERVICE_NAME"));
    put(attributes, "service.name", member("service_name"));
    put(attributes, "service.version", member("service_version"));
    put(attributes, DEPLOYMENT, member("deploy_env"));
    sdk.resource.putAll(attributes);
  }

  private void choosePropagators() {
    Setting list = settings.telemetry("PROPAGATORS");
    if (list == null) {
      list = settings.get("OTEL_PROPAGATORS");
    }
    if (list != null) {
      sdk.propagators = Propagators.of(list.key(), list.list());
    } else if (settings.isImgproxy()) {
      sdk.propagators = Propagators.of("", List.of());
    }
  }

  private void chooseTraceIds() {
    Setting name = settings.telemetry("TRACE_ID_GENERATOR");
    if (name == null) {
      if (settings.isImgproxy()) {
        sdk.traceIds = TraceIdGenerator.XRAY;
      }
      return;
    }
    sdk.traceIds =
        switch (name.text()) {
          case "xray" -> TraceIdGenerator.XRAY;
          case "random" -> TraceIdGenerator.RANDOM;
          default -> throw name.invalid("are xray and random");
        };
  }

  private void chooseInterval() {
    Setting seconds = member("metric_reporting_period");
    Setting millis = settings.get("OTEL_METRIC_EXPORT_INTERVAL");
    if (seconds != null) {
      sdk.metricInterval(KrakendExporters.seconds(seconds));
    } else if (millis != null) {
      sdk.metricInterval(millis.millis());
    }
  }

  private void chooseRecording() {
    Sampling sampling = sampling();
    if (sampling != null) {
      sdk.sampling(sampling);
    }
    Setting document = settings.document();
    if (document == null) {
      if (settings.isImgproxy()) {
        sdk.recording(recording -> recording.naming(MetricNaming.privacyProxy("")));
      }
      return;
    }
    Layers layers = KrakendLayers.read(document.member("layers"));
    String[] skipped = skipped(document.member("skip_paths"));
    sdk.recording(
        recording -> recording.naming(MetricNaming.KRAKEND).layers(layers).skipPaths(skipped));
  }

  private @Nullable Sampling sampling() {
    Setting document = settings.document();
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

  private @Nullable Setting member(String name) {
    Setting document = settings.document();
    return document == null ? null : document.member(name);
  }

  private static void put(Map<String, String> attributes, String key, @Nullable Setting value) {
    if (value != null && !value.isEmpty()) {
      attributes.put(key, value.text());
    }
  }
}
