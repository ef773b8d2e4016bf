package io.github.proxytelemetry.sdk.config;

import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.PrometheusSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reader of the exporters in KrakenD's configuration. */
final class KrakendConfiguration {
  private static final int MAX_PORT = 65535;
  private static final int OTLP_PORT = 4317;
  private static final int PROMETHEUS_PORT = 9090;
  private static final int MAX_SECONDS = 86_400;

  private final Set<String> names = new HashSet<>();
  private final SdkSpec sdk;

  static void addTo(SdkSpec sdk, ConfigValue exporters) {
    KrakendConfiguration reader = new KrakendConfiguration(sdk);
    exporters.allowing("otlp", "prometheus");
    items(exporters, "otlp").forEach(reader::otlp);
    items(exporters, "prometheus").forEach(reader::prometheus);
  }

  static Duration seconds(ConfigValue value) {
    return Duration.ofSeconds(value.integer(1, MAX_SECONDS));
  }

  private KrakendConfiguration(SdkSpec sdk) {
    this.sdk = sdk;
  }

  private void otlp(ConfigValue exporter) {
    exporter.allowing(
        "name",
        "host",
        "port",
        "use_http",
        "disable_metrics",
        "disable_traces",
        "custom_metric_reporting_period");
    ConfigValue host = exporter.member("host");
    ConfigValue interval = exporter.member("custom_metric_reporting_period");
    String authority = host == null ? "localhost" : host.text();
    String endpoint = bracketed(authority) + ':' + port(exporter, 1, OTLP_PORT);
    OtlpSpec otlp = new OtlpSpec(endpoint);
    otlp.origin = host == null ? exporter.key() : host.key();
    otlp.name = name(exporter);
    otlp.http = exporter.flag("use_http");
    otlp.metrics = !exporter.flag("disable_metrics");
    otlp.traces = !exporter.flag("disable_traces");
    otlp.interval = interval == null ? null : seconds(interval);
    sdk.otlp.add(otlp);
  }

  private void prometheus(ConfigValue exporter) {
    exporter.allowing(
        "name", "port", "listen_ip", "process_metrics", "go_metrics", "disable_metrics");
    if (exporter.flag("disable_metrics")) {
      return;
    }
    ConfigValue address = exporter.member("listen_ip");
    String host = address == null || address.isEmpty() ? "127.0.0.1" : address.text();
    PrometheusSpec prometheus = new PrometheusSpec(host, port(exporter, 0, PROMETHEUS_PORT));
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

  private static int port(ConfigValue exporter, int min, int otherwise) {
    ConfigValue port = exporter.member("port");
    return port == null ? otherwise : port.integer(min, MAX_PORT);
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
