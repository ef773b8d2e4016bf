package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.sdk.Setting;
import io.github.proxytelemetry.otel.sdk.Settings;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KrakendLayersTest {
  @Test
  void hasAllLayers_whereNothingIsSaid() {
    assertThat(KrakendLayers.read(null)).isSameAs(Layers.all());
    for (Map<String, ?> empty :
        List.of(Map.<String, Object>of(), Map.of("backend", Map.of(), "global", Map.of()))) {
      Layers layers = read(empty);
      for (Group group :
          List.of(
              Group.GLOBAL,
              Group.PROXY,
              Group.BACKEND,
              Group.ROUND_TRIP,
              Group.READ_PAYLOAD,
              Group.DETAILED_CONNECTION)) {
        assertThat(layers.measures(group)).as("%s", group).isTrue();
      }
      assertThat(layers.globalTraces()).isTrue();
      assertThat(layers.globalPropagation()).isTrue();
      assertThat(layers.proxyTraces()).isTrue();
      assertThat(layers.backendTraces().readPayload()).isTrue();
    }
  }

  @Test
  void takesWhatIsNotSaidForOff_inABlockThatIsThere() {
    Layers layers = read(Map.of("backend", Map.of("metrics", Map.of("round_trip", "TRUE"))));
    assertThat(layers.measures(Group.BACKEND)).isTrue();
    assertThat(layers.measures(Group.ROUND_TRIP)).isTrue();
    assertThat(layers.measures(Group.READ_PAYLOAD)).isFalse();
    assertThat(layers.measures(Group.DETAILED_CONNECTION)).isFalse();
    assertThat(layers.backendTraces().roundTrip()).isTrue();
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
    assertThat(layers.measures(Group.GLOBAL)).isFalse();
    assertThat(layers.measures(Group.PROXY)).isFalse();
    assertThat(layers.measures(Group.BACKEND)).isFalse();
    assertThat(layers.globalTraces()).isFalse();
    assertThat(layers.globalPropagation()).isFalse();
    assertThat(layers.proxyTraces()).isFalse();
    assertThat(layers.backendTraces().isOn()).isFalse();
  }

  @Test
  void measuresNoStageOfTheBackend_whereItIsDisabled() {
    Layers layers = read(Map.of("backend", Map.of("metrics", Map.of("disable_stage", true))));
    Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND, layers);
    Traffic.drive(bench.telemetry);
    assertThat(bench.metric("stage-duration").getHistogramData().getPoints())
        .extracting(point -> point.getAttributes().get(StageSpan.STAGE))
        .containsOnly("proxy");
  }

  @Test
  void leavesOutAttributes_withoutKeyOrValue() {
    List<Map<String, String>> list =
        List.of(
            Map.of("key", "a", "value", "1"),
            Map.of("key", "", "value", "2"),
            Map.of("key", "b", "value", ""),
            Map.of("key", "c"));
    Layers layers =
        read(
            Map.of(
                "global", Map.of("metrics_static_attributes", list),
                "backend", Map.of("metrics", Map.of("static_attributes", list))));
    Attributes expected = Attributes.builder().put("a", "1").build();
    assertThat(layers.metricAttributes(Group.GLOBAL)).isEqualTo(expected);
    assertThat(layers.metricAttributes(Group.ROUND_TRIP)).isEqualTo(expected);
  }

  private static Layers read(Map<String, ?> layers) {
    Settings settings = Settings.of(Map.of("layers", layers), Map.of(), Map.of(), null, null);
    Setting document = Objects.requireNonNull(settings.document());
    return KrakendLayers.read(document.member("layers"));
  }
}
