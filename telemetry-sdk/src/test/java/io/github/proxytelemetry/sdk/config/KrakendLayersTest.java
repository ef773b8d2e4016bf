package io.github.proxytelemetry.sdk.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Traffic;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KrakendLayersTest {
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  private static final List<String> ALL_METRICS =
      List.of(
          "stage backend",
          "stage proxy",
          "global-response-latency",
          "read-size",
          "request-dns-latency",
          "requests-started-count");

  @Test
  void hasAllLayers_whereNothingIsSaid() {
    assertThat(KrakendLayers.read(null, new Notices())).isSameAs(Layers.all());
    for (Map<String, ?> empty :
        List.of(Map.<String, Object>of(), Map.of("backend", Map.of(), "global", Map.of()))) {
      Bench bench = drive(read(empty));
      assertThat(metrics(bench)).containsAll(ALL_METRICS);
      assertThat(spans(bench)).contains("SERVER", "proxy", "backend", "read-tracer");
      assertThat(propagates(read(empty))).isTrue();
    }
  }

  @Test
  void takesWhatIsNotSaidForOff_inABlockThatIsThere() {
    Bench bench = drive(read(Map.of("backend", Map.of("metrics", Map.of("round_trip", "TRUE")))));
    assertThat(metrics(bench))
        .contains("stage backend", "requests-started-count")
        .doesNotContain("read-size", "request-dns-latency");
    assertThat(spans(bench)).contains("backend", "read-tracer");
  }

  @Test
  void switchesOff_whatIsDisabled() {
    Layers layers =
        read(
            Map.of(
                "global",
                Map.of(
                    "disable_metrics", true, "disable_traces", true, "disable_propagation", true),
                "proxy",
                Map.of("disable_metrics", true, "disable_traces", true),
                "backend",
                Map.of(
                    "metrics", Map.of("disable_stage", true),
                    "traces", Map.of("disable_stage", true))));
    Bench bench = drive(layers);
    assertThat(metrics(bench)).doesNotContainAnyElementsOf(ALL_METRICS);
    assertThat(spans(bench)).doesNotContain("SERVER", "proxy", "backend", "read-tracer");
    assertThat(propagates(layers)).isFalse();
  }

  @Test
  void measuresNoStageOfTheBackend_whereItIsDisabled() {
    Bench bench = drive(read(Map.of("backend", Map.of("metrics", Map.of("disable_stage", true)))));
    assertThat(metrics(bench)).contains("stage proxy").doesNotContain("stage backend");
  }

  @Test
  void hasAttributesOfItsOwn_inEachLayer() {
    Map<String, Object> layers = new HashMap<>();
    for (String layer : List.of("global", "proxy")) {
      layers.put(
          layer,
          Map.of(
              "metrics_static_attributes", List.of(Map.of("key", "m", "value", layer)),
              "traces_static_attributes", List.of(Map.of("key", "t", "value", layer))));
    }
    Bench bench = drive(read(layers));
    assertThat(bench.metric("global-response-latency").getData().getPoints())
        .isNotEmpty()
        .allMatch(point -> "global".equals(point.getAttributes().get(AttributeKey.stringKey("m"))));
    assertThat(bench.metric("stage-duration").getData().getPoints())
        .filteredOn(point -> "proxy".equals(point.getAttributes().get(STAGE)))
        .isNotEmpty()
        .allMatch(point -> "proxy".equals(point.getAttributes().get(AttributeKey.stringKey("m"))));
    AttributeKey<String> traced = AttributeKey.stringKey("t");
    assertThat(bench.spans.getFinishedSpanItems())
        .filteredOn(span -> span.getAttributes().get(traced) != null)
        .extracting(span -> span.getAttributes().get(traced))
        .contains("global", "proxy");
  }

  @Test
  void leavesOutAttributes_withoutKeyOrValue() {
    List<Map<String, String>> list =
        List.of(
            Map.of("key", "a", "value", "1"),
            Map.of("key", "", "value", "2"),
            Map.of("key", "b", "value", ""),
            Map.of("key", "c"));
    Bench bench =
        drive(
            read(
                Map.of(
                    "global", Map.of("metrics_static_attributes", list),
                    "backend",
                        Map.of("metrics", Map.of("round_trip", true, "static_attributes", list)))));
    for (String name : List.of("global-response-latency", "requests-started-count")) {
      assertThat(bench.metric(name).getData().getPoints())
          .isNotEmpty()
          .allSatisfy(
              point -> {
                Attributes attributes = point.getAttributes();
                assertThat(attributes.get(AttributeKey.stringKey("a"))).isEqualTo("1");
                assertThat(attributes.get(AttributeKey.stringKey("b"))).isNull();
                assertThat(attributes.get(AttributeKey.stringKey("c"))).isNull();
              });
    }
  }

  private static Bench drive(Layers layers) {
    Bench bench = Bench.layered(MetricNaming.KRAKEND, layers);
    Traffic.drive(bench.telemetry);
    return bench;
  }

  /** Names of the metrics that have points, and in place of stage-duration its stages. */
  private static Set<String> metrics(Bench bench) {
    Set<String> names = new TreeSet<>();
    for (MetricData metric : bench.reader.collectAllMetrics()) {
      for (PointData point : metric.getData().getPoints()) {
        names.add(
            metric.getName().equals("stage-duration")
                ? "stage " + point.getAttributes().get(STAGE)
                : metric.getName());
      }
    }
    return names;
  }

  /** Stages of the internal spans, or their names, and the kinds of the others. */
  private static List<String> spans(Bench bench) {
    return bench.spans.getFinishedSpanItems().stream()
        .map(span -> span.getKind() == SpanKind.INTERNAL ? stage(span) : span.getKind().name())
        .toList();
  }

  private static String stage(SpanData span) {
    return Objects.requireNonNullElse(span.getAttributes().get(STAGE), span.getName());
  }

  private static boolean propagates(Layers layers) {
    Headers headers = new Headers();
    AttemptObservation attempt =
        Bench.layered(MetricNaming.KRAKEND, layers).telemetry.startAttempt(Bench.ORIGIN);
    attempt.inject(headers, Headers.ACCESS);
    attempt.end();
    return !headers.isEmpty();
  }

  private static Layers read(Map<String, ?> layers) {
    return KrakendLayers.read(
        new EffectiveConfig(Map.of("layers", layers), Map.of(), Map.of(), null, null)
            .document("layers"),
        new Notices());
  }
}
