package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdkBuilder;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The library's own SDK: Prometheus on loopback and, where it traces, OTLP to a sink. */
final class OwnSdk implements Sdk {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ProxyTelemetrySdk telemetry;

  /** Of this process, where there is no other. */
  private final @Nullable SpanSink sink;

  static OwnSdk metricsOnly() {
    return new OwnSdk(null, recording -> {});
  }

  /** Metrics only, without {@code Server-Timing} in the response. */
  static OwnSdk withoutServerTiming() {
    return new OwnSdk(null, OtelProxyTelemetryBuilder::withoutServerTiming);
  }

  static OwnSdk tracing(Sampling sampling) {
    return new OwnSdk(sampling, recording -> {});
  }

  /** With every layer's metrics and spans. */
  static OwnSdk layers(Sampling sampling) {
    return new OwnSdk(sampling, recording -> recording.layers(Layers.all()));
  }

  private OwnSdk(@Nullable Sampling sampling, Consumer<OtelProxyTelemetryBuilder> recording) {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("benchmark").prometheus(LOOPBACK, 0).recording(recording);
    Integer other = Integer.getInteger(SpanSink.PORT);
    sink = sampling == null || other != null ? null : new SpanSink();
    if (sampling != null) {
      int port = sink == null ? Objects.requireNonNull(other) : sink.port();
      builder
          .sampling(sampling)
          .otlp("http://" + LOOPBACK + ":" + port, options -> options.http().withoutMetrics());
    }
    telemetry = builder.build();
  }

  ProxyTelemetrySdk telemetry() {
    return telemetry;
  }

  @Override
  public OpenTelemetry openTelemetry() {
    return telemetry.openTelemetry();
  }

  /** Reads the count from a scrape. */
  @Override
  public long count(String metric) {
    Pattern sample =
        Pattern.compile(
            "^" + metric.replace('.', '_') + "(_seconds)?(_count)?([{][^}]*[}])? (\\S+)");
    return scrape()
        .lines()
        .map(sample::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> (long) Double.parseDouble(found.group(4)))
        .sum();
  }

  @Override
  public boolean hasExportedSpans() {
    telemetry.flush(TIMEOUT);
    return telemetry.health().exporters().stream()
        .anyMatch(exporter -> exporter.signal().equals("traces") && exporter.delivered() > 0);
  }

  @Override
  public void close() {
    telemetry.close(TIMEOUT);
    if (sink != null) {
      sink.close();
    }
  }

  String scrape() {
    InetSocketAddress address = telemetry.prometheusAddress("prometheus");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://" + LOOPBACK + ":" + address.getPort() + "/metrics"))
            .timeout(TIMEOUT)
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
