package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.tuple;

import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gauges of the host that have labels. */
class HostGaugeTest {
  private final Bench bench = Bench.layeredMetrics(MetricNaming.PRIVACY_PROXY, Layers.none());
  private final OtelProxyTelemetry telemetry = bench.telemetry;

  @Test
  void hasASeriesForEachOfTheHostsPools_andNoOther() {
    telemetry.gauge("pool.connections", "{connection}", Map.of("pool", "users"), () -> 3);
    telemetry.gauge("pool.connections", "{connection}", Map.of("pool", "orders"), () -> 5);
    telemetry.gauge(
        "pool.connections",
        "{connection}",
        Map.of("pool", "broken"),
        () -> {
          throw new IllegalStateException();
        });
    assertThat(bench.reader.collectAllMetrics())
        .filteredOn(metric -> metric.getName().equals("pool.connections"))
        .singleElement()
        .satisfies(
            metric ->
                assertThat(metric.getLongGaugeData().getPoints())
                    .extracting(LongPointData::getAttributes, LongPointData::getValue)
                    .containsExactlyInAnyOrder(
                        tuple(pool("users"), 3L), tuple(pool("orders"), 5L)));
    assertThat(telemetry.faults().callbackErrors().get("gauge")).isEqualTo(1);
    telemetry.gauge("pool.connections", "{connection}", Map.of("pool", "search"), () -> 7);
    assertThat(value("pool.connections")).isEqualTo(15);
  }

  @Test
  void keepsTheLabelsThatWereGiven() {
    Map<String, String> labels = new HashMap<>(Map.of("pool", "users"));
    telemetry.gauge("size", "", labels, () -> 1);
    labels.put("pool", "others");
    assertThat(bench.metric("size").getLongGaugeData().getPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getAttributes()).isEqualTo(pool("users")));
  }

  @Test
  void refusesASeriesTwice_andOneThatIsNotLikeTheOthers() {
    Map<String, String> users = Map.of("pool", "users");
    Map<String, String> orders = Map.of("pool", "orders");
    telemetry.gauge("size", "By", users, () -> 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "By", users, () -> 1))
        .withMessage(
            "gauge labels: invalid value \"{pool=users}\" twice for size; expected one registration"
                + " for each set of values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "1", orders, () -> 1))
        .withMessage(
            "gauge unit: invalid value \"1\" for size; expected that of its first registration,"
                + " \"By\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "By", Map.of("upstream", "a"), () -> 1))
        .withMessage(
            "gauge labels: invalid value \"[upstream]\" for size; expected those of its first"
                + " registration, [pool]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "By", () -> 1))
        .withMessageEndingWith("expected those of its first registration, [pool]");
    telemetry.gauge("plain", "", () -> 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("plain", "", users, () -> 1))
        .withMessageEndingWith("expected those of its first registration, []");
    // Another name, but not to Prometheus.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("Size", "By", orders, () -> 1))
        .withMessageStartingWith(
            "metric name: invalid value \"Size\" twice, as Prometheus sees it");
    assertThat(value("size")).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "_a", "a-b", "a b", "le", "LE", "é"})
  void refusesLabelsThatPrometheusHasNot(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "", Map.of(key, "v"), () -> 1))
        .withMessageStartingWith("gauge label: invalid value \"" + key + "\"; expected a letter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "\u0000"})
  void refusesValuesThatNobodyCanRead(String label) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "", Map.of("pool", label), () -> 1))
        .withMessageStartingWith(
            "gauge label pool: invalid value \"" + label + "\"; expected 1 to");
  }

  @Test
  void refusesNulls_byTheirNames() {
    Map<String, String> noValue = new HashMap<>();
    noValue.put("pool", null);
    Map<String, String> noKey = new HashMap<>();
    noKey.put(null, "users");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "", noValue, () -> 1))
        .withMessageStartingWith("gauge label pool: invalid value \"null\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "", noKey, () -> 1))
        .withMessageStartingWith("gauge label: invalid value \"null\"");
    assertThatNullPointerException()
        .isThrownBy(() -> telemetry.gauge("size", "", nothing(), () -> 1))
        .withMessage("labels");
    // Two keys that Prometheus would take for one.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("size", "", Map.of("a.b", "1", "a_b", "2"), () -> 1));
    assertThat(bench.reader.collectAllMetrics())
        .noneMatch(metric -> metric.getName().equals("size"));
  }

  @Test
  void boundsTheSeriesOfAGauge() {
    for (int i = 0; i < WorkMetrics.LIMIT; i++) {
      telemetry.gauge("size", "", Map.of("pool", "p" + i), () -> 1);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> telemetry.gauge("size", "", Map.of("pool", "one more"), () -> 1))
        .withMessage("gauge size: more than 100 series; expected constants");
    assertThat(value("size")).isEqualTo(WorkMetrics.LIMIT);
  }

  private static Attributes pool(String name) {
    return Attributes.of(AttributeKey.stringKey("pool"), name);
  }

  @SuppressWarnings("NullAway") // As a host without null checks may call it.
  private static Map<String, String> nothing() {
    return null;
  }

  private long value(String name) {
    return bench.metric(name).getLongGaugeData().getPoints().stream()
        .mapToLong(LongPointData::getValue)
        .sum();
  }
}
