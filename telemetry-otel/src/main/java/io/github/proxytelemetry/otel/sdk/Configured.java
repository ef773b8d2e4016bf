package io.github.proxytelemetry.otel.sdk;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates a configuration to calls of a builder, for what no call has set. */
final class Configured {
  private static final String DEPLOYMENT = "deployment.environment.name";

  private final TelemetrySdkBuilder sdk;
  private final Settings settings;

  static void apply(Settings settings, TelemetrySdkBuilder sdk) {
    Configured configured = new Configured(settings, sdk);
    configured.addExporters();
    configured.describeService();
    configured.choosePropagators();
    configured.chooseTraceIds();
    configured.chooseInterval();
  }

  private Configured(Settings settings, TelemetrySdkBuilder sdk) {
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
    attributes.forEach(sdk.attributes::putIfAbsent);
  }

  private void choosePropagators() {
    if (sdk.propagators != null) {
      return;
    }
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
    if (sdk.traceIds != null) {
      return;
    }
    Setting name = settings.telemetry("TRACE_ID_GENERATOR");
    if (name == null) {
      sdk.traceIds = settings.isImgproxy() ? TraceIdGenerator.XRAY : null;
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
    if (sdk.metricInterval != null) {
      return;
    }
    Setting seconds = member("metric_reporting_period");
    Setting millis = settings.get("OTEL_METRIC_EXPORT_INTERVAL");
    if (seconds != null) {
      sdk.metricInterval(KrakendExporters.seconds(seconds));
    } else if (millis != null) {
      sdk.metricInterval(millis.millis());
    }
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
