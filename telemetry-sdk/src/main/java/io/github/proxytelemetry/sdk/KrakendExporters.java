package io.github.proxytelemetry.sdk;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exporters of KrakenD's configuration. */
final class KrakendExporters {
  private static final int MAX_PORT = 65535;
  private static final int OTLP_PORT = 4317;
  private static final int PROMETHEUS_PORT = 9090;
  private static final int MAX_SECONDS = 86_400;

  private final Set<String> names = new HashSet<>();
  private final ProxyTelemetrySdkBuilder sdk;

  static void addTo(ProxyTelemetrySdkBuilder sdk, Setting exporters) {
    KrakendExporters reader = new KrakendExporters(sdk);
    exporters.allowing("otlp", "prometheus");
    items(exporters, "otlp").forEach(reader::otlp);
    items(exporters, "prometheus").forEach(reader::prometheus);
  }

  static Duration seconds(Setting setting) {
    return Duration.ofSeconds(setting.integer(1, MAX_SECONDS));
  }

  private KrakendExporters(ProxyTelemetrySdkBuilder sdk) {
    this.sdk = sdk;
  }

  private void otlp(Setting exporter) {
    exporter.allowing(
        "name",
        "host",
        "port",
        "use_http",
        "disable_metrics",
        "disable_traces",
        "custom_metric_reporting_period");
    Setting host = exporter.member("host");
    Setting interval = exporter.member("custom_metric_reporting_period");
    String authority = host == null ? "localhost" : host.text();
    String endpoint = bracketed(authority) + ':' + port(exporter, 1, OTLP_PORT);
    sdk.otlp(
        endpoint,
        options -> {
          options.origin = host == null ? exporter.key() : host.key();
          options.name = name(exporter);
          options.http = exporter.flag("use_http");
          options.metrics = !exporter.flag("disable_metrics");
          options.traces = !exporter.flag("disable_traces");
          if (interval != null) {
            options.interval(seconds(interval));
          }
        });
  }

  private void prometheus(Setting exporter) {
    exporter.allowing(
        "name", "port", "listen_ip", "process_metrics", "go_metrics", "disable_metrics");
    if (exporter.flag("disable_metrics")) {
      return;
    }
    Setting address = exporter.member("listen_ip");
    sdk.prometheus(
        address == null || address.isEmpty() ? "127.0.0.1" : address.text(),
        port(exporter, 0, PROMETHEUS_PORT),
        options -> {
          options.origin = address == null ? exporter.key() : address.key();
          options.name = name(exporter);
          options.processMetrics(exporter.flag("process_metrics"));
          options.jvmMetrics(exporter.flag("go_metrics"));
        });
  }

  private @Nullable String name(Setting exporter) {
    Setting name = exporter.member("name");
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!names.add(name.text())) {
      throw name.invalid("are names that no other exporter has");
    }
    return name.text();
  }

  private static int port(Setting exporter, int min, int otherwise) {
    Setting port = exporter.member("port");
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

  private static List<Setting> items(Setting exporters, String name) {
    Setting list = exporters.member(name);
    return list == null ? List.of() : list.items();
  }
}
