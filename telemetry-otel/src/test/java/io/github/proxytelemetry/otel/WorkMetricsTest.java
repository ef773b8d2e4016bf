package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.otel.metrics.TelemetryNames;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host tells of its own work. */
class WorkMetricsTest {
  private final Bench bench = Bench.layeredMetrics(MetricNaming.privacyProxy(""), Layers.none());
  private final OtelProxyTelemetry telemetry = bench.telemetry;

  @Test
  void countsWorkInProgress_untilItIsClosedOnce() {
    Scope first = telemetry.inProgress("images");
    Scope second = telemetry.inProgress("images");
    assertThat(value("images_in_progress")).isEqualTo(2);
    first.close();
    first.close();
    assertThat(value("images_in_progress")).isEqualTo(1);
    second.close();
    assertThat(value("images_in_progress")).isZero();
  }

  @Test
  void knowsTheBuffers() {
    assertThat(bench.reader.collectAllMetrics())
        .noneMatch(metric -> metric.getName().startsWith("buffer"));
    BufferSizes buffers = telemetry.bufferSizes();
    assertThat(telemetry.bufferSizes()).isSameAs(buffers);
    buffers.record(2000);
    buffers.record(-1);
    assertThat(bench.metric("buffer_size_bytes").getHistogramData().getPoints())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getCount()).isOne();
              assertThat(point.getSum()).isEqualTo(2000);
            });
    // Nothing is known yet, and that is not 0.
    assertThat(bench.reader.collectAllMetrics())
        .noneMatch(metric -> metric.getName().equals("buffer_max_size_bytes"));
    buffers.defaultSize(4096);
    buffers.maxSize(65_536);
    buffers.maxSize(-1);
    assertThat(value("buffer_default_size_bytes")).isEqualTo(4096);
    assertThat(value("buffer_max_size_bytes")).isEqualTo(65_536);
  }

  @Test
  void asksTheHostsGauges_andSurvivesOneThatThrows() {
    telemetry.gauge("vips_memory_bytes", "By", () -> 7);
    telemetry.gauge(
        "vips_allocs",
        "{allocation}",
        () -> {
          throw new StackOverflowError();
        });
    assertThat(bench.reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .contains("vips_memory_bytes")
        .doesNotContain("vips_allocs");
    assertThat(value("vips_memory_bytes")).isEqualTo(7);
    assertThat(bench.own("callback_errors_total", "callback", "gauge")).isGreaterThanOrEqualTo(2);
    assertThat(telemetry.faults().callbackErrors().get("gauge")).isGreaterThan(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1images", "images!", "im ages", "бild", "a-b"})
  void refusesWorkThatMakesNoName(String work) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.inProgress(work))
        .withMessage(
            "work: invalid value \""
                + work
                + "\"; expected a letter or _ and then up to 99 letters, digits and _");
  }

  @Test
  void refusesNamesThatAreOneToPrometheus() {
    telemetry.gauge("my.gauge", "", () -> 1);
    telemetry.gauge("memory_bytes", "By", () -> 1);
    for (String taken :
        new String[] {"my_gauge", "My-Gauge", "my__gauge", "requests", "target_info"}) {
      assertThatIllegalArgumentException()
          .as(taken)
          .isThrownBy(() -> telemetry.gauge(taken, "", () -> 1))
          .withMessageStartingWith("metric name: invalid value \"" + taken + "\" twice, as");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> telemetry.gauge("memory", "By", () -> 1));
    telemetry.gauge("memory", "", () -> 1);
  }

  @Test
  void refusesNamesThatAreTaken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.inProgress("requests"))
        .withMessage(
            "metric name: invalid value \"requests_in_progress\" twice, as Prometheus sees it; expected"
                + " names that differ in more than case, signs, unit and _total");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("Requests_Total", "", () -> 1));
    telemetry.gauge("mine", "", () -> 1);
    assertThatIllegalArgumentException().isThrownBy(() -> telemetry.gauge("mine", "", () -> 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("Telemetry_exports_total", "", () -> 1))
        .withMessage(
            "metric name: invalid value \"Telemetry_exports_total\"; expected a name that does not"
                + " begin with \"telemetry_\", as the telemetry's own do");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("a b", "By", () -> 1))
        .withMessage(
            "gauge name: invalid value \"a b\"; expected a letter and then up to 254 letters, digits"
                + " and _.-/");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> telemetry.gauge("other", "two words", () -> 1))
        .withMessageStartingWith("gauge unit: invalid value \"two words\"");
  }

  @Test
  void boundsWhatAHostCanName() {
    for (int i = 0; i < WorkMetrics.LIMIT; i++) {
      telemetry.inProgress("w" + i).close();
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> telemetry.inProgress("one_more"))
        .withMessage("kinds of work: more than 100; expected constants");
    for (int i = 0; i < WorkMetrics.LIMIT; i++) {
      telemetry.gauge("g" + i, "", () -> 1);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> telemetry.gauge("one_more", "", () -> 1))
        .withMessage("gauges: more than 100; expected constants");
    telemetry.inProgress("w7").close();
  }

  @Test
  void hasThePrefixOfTheNaming() {
    assertThat(TelemetryNames.prefix(MetricNaming.PRIVACY_PROXY)).isEqualTo("privacy_proxy_");
    assertThat(TelemetryNames.prefix(MetricNaming.privacyProxy(""))).isEmpty();
    assertThat(TelemetryNames.prefix(MetricNaming.KRAKEND)).isEqualTo("privacy_proxy_");
    assertThat(TelemetryNames.prefix(MetricNaming.SEMCONV)).isEqualTo("privacy_proxy_");
    assertThat(TelemetryNames.prefix(new Renamed())).isEmpty();
  }

  private static final class Renamed implements MetricNaming {
    @Override
    public @Nullable String name(Instrument instrument) {
      return instrument == Instrument.REQUESTS_TOTAL ? "calls" : null;
    }

    @Override
    public @Nullable String key(Instrument instrument, Dimension dimension) {
      return null;
    }
  }

  private long value(String name) {
    MetricData metric = bench.metric(name);
    return metric.getData().getPoints().stream()
        .mapToLong(point -> ((LongPointData) point).getValue())
        .sum();
  }
}
