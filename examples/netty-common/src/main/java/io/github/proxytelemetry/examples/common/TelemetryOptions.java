package io.github.proxytelemetry.examples.common;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.OtlpOptions;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Options of the telemetry.
 *
 * @param metrics address of the Prometheus listener; port 0 for a free one
 * @param otlp endpoint of the collector, or null for none
 * @param otlpOverHttp whether OTLP is sent over HTTP instead of gRPC
 * @param sampling the share of traces that is recorded
 * @param serviceName name of the proxy in telemetry
 */
public record TelemetryOptions(
    InetSocketAddress metrics,
    @Nullable String otlp,
    boolean otlpOverHttp,
    double sampling,
    String serviceName) {
  /** The options, as {@link Given} takes them. */
  public static final String USAGE =
      """
      --metrics host:port        where Prometheus scrapes; 127.0.0.1:9464
      --otlp endpoint            where telemetry is sent; nowhere
      --otlp-protocol grpc|http  how it is sent; grpc
      --sampling share           the share of traces that is recorded, 0 to 1; 0.01
      --service-name name        what the proxy is called in telemetry
      """;

  /** Reads them from what was given. */
  public static TelemetryOptions read(Given given, String serviceName) {
    return new TelemetryOptions(
        given.read("--metrics", "127.0.0.1:9464", Given::address, "host:port"),
        given.text("--otlp", given.variable("OTEL_EXPORTER_OTLP_ENDPOINT")),
        given.read("--otlp-protocol", "grpc", TelemetryOptions::isHttp, "grpc or http"),
        given.read("--sampling", "0.01", TelemetryOptions::share, "a number from 0 to 1"),
        given.read("--service-name", serviceName, TelemetryOptions::name, "a name"));
  }

  /** Builder of the telemetry with these options. */
  public ProxyTelemetrySdkBuilder builder() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder(serviceName)
            .prometheus(metrics.getHostString(), metrics.getPort())
            .sampling(Sampling.ratio(sampling));
    if (otlp != null) {
      builder.otlp(otlp, this::transport);
    }
    return builder;
  }

  private void transport(OtlpOptions options) {
    if (otlpOverHttp) {
      options.http();
    } else {
      options.grpc();
    }
  }

  private static Boolean isHttp(String value) {
    return switch (value) {
      case "grpc" -> false;
      case "http" -> true;
      default -> throw new IllegalArgumentException();
    };
  }

  private static Double share(String value) {
    double share = Double.parseDouble(value);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException();
    }
    return share;
  }

  private static String name(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException();
    }
    return value;
  }
}
