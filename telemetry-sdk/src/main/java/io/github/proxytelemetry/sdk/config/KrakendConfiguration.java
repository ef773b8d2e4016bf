package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reader of the exporters in KrakenD's configuration. */
final class KrakendConfiguration {
  private static final int MAX_PORT = 65535;
  private static final int OTLP_PORT = 4317;
  private static final int PROMETHEUS_PORT = 9090;
  private static final int MAX_SECONDS = 86_400;

  private static final String INTERVAL = "custom_metric_reporting_period";
  private static final String HEADERS = "headers";

  private final Set<String> names = new HashSet<>();
  private final Map<String, Map<String, ConfigValue>> credentials = new LinkedHashMap<>();
  private final SdkSpec sdk;
  private final ForeignExporters exporters;
  private final Notices notices;

  static void addTo(SdkSpec sdk, EffectiveConfig config, Notices notices) {
    KrakendConfiguration reader = new KrakendConfiguration(sdk, config, notices);
    ConfigValue security = config.krakend().security();
    if (security != null) {
      items(security, "otlp").forEach(reader::credentials);
    }
    ConfigValue block = config.document("exporters");
    if (block != null) {
      block.allowing("otlp", "prometheus");
      items(block, "otlp").forEach(reader::otlp);
      items(block, "prometheus").forEach(reader::prometheus);
    }
    reader.credentials.forEach(
        (name, headers) ->
            headers.values().stream()
                .findFirst()
                .ifPresent(header -> notices.add(header.key(), "no exporter has its name")));
  }

  /** Seconds; {@code null} for 0, which stands for the general or default interval. */
  static @Nullable Duration seconds(@Nullable ConfigValue value) {
    int seconds = value == null ? 0 : value.integer(0, MAX_SECONDS);
    return seconds == 0 ? null : Duration.ofSeconds(seconds);
  }

  private KrakendConfiguration(SdkSpec sdk, EffectiveConfig config, Notices notices) {
    this.sdk = sdk;
    this.exporters = new ForeignExporters(config, sdk, notices);
    this.notices = notices;
  }

  /** Headers of {@code telemetry/opentelemetry-security}, by the name of their exporter. */
  private void credentials(ConfigValue exporter) {
    exporter.allowing("name", HEADERS);
    ConfigValue name = exporter.member("name");
    ConfigValue headers = exporter.member(HEADERS);
    if (name == null || name.isEmpty()) {
      throw exporter.problem("has no name; expected that of an exporter");
    }
    if (headers != null) {
      credentials.put(name.text(), headers.members());
    }
  }

  private void otlp(ConfigValue exporter) {
    exporter.allowing(
        "name", "host", "port", "use_http", "disable_metrics", "disable_traces", INTERVAL);
    ConfigValue host = exporter.member("host");
    String authority = host == null || host.isEmpty() ? "localhost" : host.text();
    int port = port(exporter, OTLP_PORT);
    String endpoint = bracketed(authority) + ':' + (port == 0 ? OTLP_PORT : port);
    String name = name(exporter);
    Map<String, ConfigValue> headers = name == null ? null : credentials.remove(name);
    exporters.add(
        () -> {
          OtlpSpec otlp = new OtlpSpec(endpoint);
          otlp.origin = host == null ? exporter.key() : host.key();
          otlp.name = name;
          otlp.http = exporter.flag("use_http");
          otlp.metrics = !exporter.flag("disable_metrics");
          otlp.traces = !exporter.flag("disable_traces");
          otlp.interval = seconds(exporter.member(INTERVAL));
          return otlp;
        },
        otlp -> authenticate(otlp, headers == null ? Map.of() : headers));
  }

  private static void authenticate(OtlpSpec otlp, Map<String, ConfigValue> headers) {
    headers.forEach(
        (header, value) -> {
          String text = value.text();
          try {
            otlp.header(header, text);
          } catch (IllegalArgumentException e) {
            throw value.problem(String.valueOf(e.getMessage()));
          }
        });
  }

  private void prometheus(ConfigValue exporter) {
    exporter.allowing(
        "name", "port", "listen_ip", "process_metrics", "go_metrics", "disable_metrics", INTERVAL);
    ConfigValue interval = exporter.member(INTERVAL);
    if (seconds(interval) != null && interval != null) {
      notices.add(interval.key(), "Prometheus itself decides when it scrapes");
    }
    if (exporter.flag("disable_metrics")) {
      return;
    }
    ConfigValue address = exporter.member("listen_ip");
    String host = address == null || address.isEmpty() ? "127.0.0.1" : address.text();
    PrometheusSpec prometheus = new PrometheusSpec(host, port(exporter, PROMETHEUS_PORT));
    prometheus.origin = address == null ? exporter.key() : address.key();
    prometheus.name = name(exporter);
    prometheus.processMetrics = exporter.flag("process_metrics");
    prometheus.jvmMetrics = exporter.flag("go_metrics");
    sdk.prometheus.add(prometheus);
  }

  private @Nullable String name(ConfigValue exporter) {
    ConfigValue name = exporter.member("name");
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!names.add(name.text())) {
      throw name.invalid("a name that no other exporter has");
    }
    return name.text();
  }

  private static int port(ConfigValue exporter, int otherwise) {
    ConfigValue port = exporter.member("port");
    return port == null ? otherwise : port.integer(0, MAX_PORT);
  }

  /** RFC 3986, section 3.2.2: an IPv6 address stands in brackets where a port may follow. */
  private static String bracketed(String host) {
    int scheme = host.indexOf("://");
    String prefix = scheme < 0 ? "" : host.substring(0, scheme + "://".length());
    String address = host.substring(prefix.length());
    boolean bare = address.indexOf(':') != address.lastIndexOf(':') && !address.startsWith("[");
    return prefix + (bare ? '[' + address + ']' : address);
  }

  private static List<ConfigValue> items(ConfigValue exporters, String name) {
    ConfigValue list = exporters.member(name);
    return list == null ? List.of() : list.items();
  }
}
