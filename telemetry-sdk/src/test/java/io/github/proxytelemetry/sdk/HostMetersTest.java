package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.sdk.live.LiveView;
import io.github.proxytelemetry.testbed.Promtool;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host records what it likes into our OpenTelemetry: ours stay right, and scrapes valid. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostMetersTest {
  private static final String HOST = "com.example.host";
  private static final String REQUESTS = HostCollision.Names.REQUESTS;
  private static final String LATENCY = HostCollision.Names.LATENCY;

  @ParameterizedTest
  @EnumSource
  @RequiresProgram("promtool")
  void keepsOurs(HostCollision collision) throws Exception {
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("edge").prometheus("127.0.0.1", 0).build()) {
      exchange(sdk);
      String before = text(sdk);
      collision.record(sdk.openTelemetry().getMeter(HOST));
      boolean apart = collision == HostCollision.OTHER_UNIT;
      List<String> lines =
          LogLines.ofAll(
              () -> {
                String after = text(sdk);
                assertThat(after).contains("\n" + REQUESTS + "{method=\"GET\"} 1.0\n");
                assertThat(after).contains("\n" + LATENCY + "_count 1\n");
                assertThat(after.lines().filter(line -> line.endsWith(" 1000.0")))
                    .hasSize(apart ? 1 : 0);
                assertThat(after.lines().filter(line -> line.startsWith("# ")))
                    .containsAll(before.lines().filter(line -> line.startsWith("# ")).toList());
                assertValid(openMetrics(sdk));
              });
      if (apart) {
        assertThat(lines).isEmpty();
      } else {
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0))
            .startsWith(
                "Exporter \"prometheus\": \""
                    + collision.metric
                    + "\" of \"com.example.host\" is left out, as Prometheus takes it for \""
                    + collision.ours)
            .endsWith("\". Rename it.");
      }
    }
  }

  @Test
  @RequiresProgram("promtool")
  void keepsOneOfTheHosts_theSameInEachScrape() throws Exception {
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("edge").prometheus("127.0.0.1", 0).build()) {
      Meter second = sdk.openTelemetry().getMeter("host.b");
      second.counterBuilder("jobs.done").build().add(2);
      second.gaugeBuilder("target").build().set(5);
      Meter first = sdk.openTelemetry().getMeter("host.a");
      first.gaugeBuilder("jobs_done").build().set(1);
      List<String> lines =
          LogLines.ofAll(
              () -> {
                for (int i = 0; i < 3; i++) {
                  assertThat(text(sdk))
                      .contains("\njobs_done 1.0\n", "\ntarget_info{")
                      .doesNotContain("jobs_done_total", "\ntarget 5.0");
                  assertValid(openMetrics(sdk));
                }
              });
      assertThat(lines)
          .containsExactlyInAnyOrder(
              "Exporter \"prometheus\": \"jobs.done\" of \"host.b\" is left out, as Prometheus takes"
                  + " it for \"jobs_done\" of \"host.a\". Rename it.",
              "Exporter \"prometheus\": \"target\" of \"host.b\" is left out, as Prometheus takes it"
                  + " for target_info. Rename it.");
    }
  }

  /** Scopes are no labels, so series have to differ by their own. */
  @Test
  @RequiresProgram("promtool")
  void putsSeriesOfSeveralScopesTogether_whereLabelsDiffer() throws Exception {
    AttributeKey<String> pool = AttributeKey.stringKey("pool");
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("edge").prometheus("127.0.0.1", 0).build()) {
      for (String name : List.of("a", "b", "c")) {
        sdk.openTelemetry()
            .getMeter("host." + name)
            .counterBuilder("uses")
            .build()
            .add(1, Attributes.of(pool, name.equals("c") ? "a" : name));
      }
      List<String> lines =
          LogLines.ofAll(
              () ->
                  assertThat(text(sdk))
                      .contains("uses_total{pool=\"a\"} 1.0", "uses_total{pool=\"b\"} 1.0"));
      assertThat(lines)
          .containsExactly(
              "Exporter \"prometheus\": \"uses\" of \"host.c\" is left out, as Prometheus takes it"
                  + " for \"uses\" of \"host.a\". Rename it.");
    }
  }

  @Test
  @RequiresProgram("promtool")
  void survivesLabelsThatAreOneForPrometheus() throws Exception {
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("edge").prometheus("127.0.0.1", 0).build()) {
      exchange(sdk);
      Meter meter = sdk.openTelemetry().getMeter(HOST);
      var counter = meter.counterBuilder("clicks").build();
      counter.add(1, Attributes.of(AttributeKey.stringKey("a.b"), "x"));
      counter.add(1, Attributes.of(AttributeKey.stringKey("a_b"), "x"));
      meter
          .histogramBuilder("sizes")
          .build()
          .record(1, Attributes.of(AttributeKey.stringKey("le"), "x"));
      List<String> lines =
          LogLines.of(
              () ->
                  assertThat(text(sdk))
                      .contains("\n" + REQUESTS + "{method=\"GET\"} 1.0\n")
                      .doesNotContain("clicks", "sizes"));
      assertThat(lines)
          .containsExactlyInAnyOrder(
              "Exporter \"prometheus\": \"clicks\" of \"com.example.host\" is left out, as Prometheus"
                  + " does not take its name or its labels. Rename it.",
              "Exporter \"prometheus\": \"sizes\" of \"com.example.host\" is left out, as Prometheus"
                  + " does not take its name or its labels. Rename it.");
    }
  }

  @Test
  @RequiresProgram("promtool")
  void keepsThoseOfTheRuntime_whereTheyAreAskedFor() throws Exception {
    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("edge")
            .prometheus("127.0.0.1", 0, options -> options.jvmMetrics(true).processMetrics(true))
            .build()) {
      Meter meter = sdk.openTelemetry().getMeter("com.example.jvm");
      meter.upDownCounterBuilder("jvm.class.count").setUnit("{class}").build().add(-1000);
      meter.gaugeBuilder("process.uptime").setUnit("s").build().set(-1000);
      assertThat(text(sdk))
          .contains("\njvm_class_count ", "\nprocess_uptime_seconds ")
          .doesNotContain("-1000");
    }
  }

  /** Where scopes are told apart, nothing is left out. */
  @Test
  void sendsBoth_overOtlp() throws Exception {
    try (Collector collector = new Collector()) {
      try (ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("edge")
              .otlp(collector.url(), otlp -> otlp.http().withoutTraces())
              .build()) {
        exchange(sdk);
        for (HostCollision collision : HostCollision.values()) {
          collision.record(sdk.openTelemetry().getMeter("host." + collision.name()));
        }
        assertThat(sdk.close(Duration.ofSeconds(60))).isEqualTo(Deliveries.delivered());
      }
      ExportMetricsServiceRequest request =
          ExportMetricsServiceRequest.parseFrom(collector.bodies("/v1/metrics").get(0));
      Set<String> hosts = new HashSet<>();
      for (var scope : request.getResourceMetrics(0).getScopeMetricsList()) {
        if (scope.getScope().getName().startsWith("host.")) {
          assertThat(scope.getMetricsCount()).isEqualTo(1);
          hosts.add(scope.getScope().getName());
        } else if (scope.getScope().getName().equals("io.github.proxytelemetry")) {
          assertThat(scope.getMetricsList())
              .filteredOn(metric -> metric.getName().equals(REQUESTS))
              .singleElement()
              .satisfies(
                  metric ->
                      assertThat(metric.getSum().getDataPointsList())
                          .extracting(point -> point.getAsInt())
                          .containsOnlyOnce(1L)
                          .containsOnly(0L, 1L));
        }
      }
      assertThat(hosts).hasSize(HostCollision.values().length);
    }
  }

  @Test
  void showsOursOnly_inTheLiveView() {
    try (ProxyTelemetrySdk sdk = ProxyTelemetrySdk.builder("edge").liveView().build()) {
      exchange(sdk);
      HostCollision.SAME_COUNTER.record(sdk.openTelemetry().getMeter(HOST));
      assertThat(Objects.requireNonNull(LiveView.of(sdk.openTelemetry())).metrics())
          .isNotEmpty()
          .extracting(MetricData::getInstrumentationScopeInfo)
          .extracting(InstrumentationScopeInfo::getName)
          .allMatch(name -> name.startsWith("io.github.proxytelemetry"));
    }
  }

  private static void exchange(ProxyTelemetrySdk telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
    exchange.requestEnd();
    exchange.responseStarted(200);
    exchange.responseEnd();
  }

  /** A scrape in the text format, which Prometheus' own linter can read. */
  private static String text(ProxyTelemetrySdk sdk) {
    String text = scrape(sdk, "text/plain");
    assertValid(text);
    try {
      assertThat(Promtool.checkMetrics(text))
          // Advice about names and texts that are not ours.
          .filteredOn(line -> !line.endsWith("no help text") && !line.endsWith("\"_count\" suffix"))
          .isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return text;
  }

  private static String openMetrics(ProxyTelemetrySdk sdk) {
    String text = scrape(sdk, "application/openmetrics-text; version=1.0.0");
    assertThat(text).endsWith("# EOF\n");
    return text;
  }

  private static String scrape(ProxyTelemetrySdk sdk, String accept) {
    try {
      HttpResponse<String> response =
          Scraping.send(sdk.prometheusAddress("prometheus"), "Accept", accept);
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** No family twice, and no series. */
  private static void assertValid(String scrape) {
    assertThat(scrape.lines().filter(line -> line.startsWith("# TYPE ")))
        .extracting(line -> line.split(" ", -1)[2])
        .doesNotHaveDuplicates();
    assertThat(scrape.lines().filter(line -> !line.startsWith("#")))
        .extracting(line -> line.replaceFirst(" [^ ]+$", ""))
        .doesNotHaveDuplicates();
  }
}
