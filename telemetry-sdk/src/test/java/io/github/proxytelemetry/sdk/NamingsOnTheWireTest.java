package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Traffic;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every metric of every naming, as a collector and as Prometheus see it. */
class NamingsOnTheWireTest {
  /** Metrics of the telemetry itself, which have tests of their own. */
  private static final Pattern OWN = Pattern.compile("\\b(\\w+_)?telemetry_\\w+|target_info");

  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

  @ParameterizedTest
  @EnumSource
  void reachesACollectorAsListed(Naming naming) {
    Bench bench = Bench.layeredMetrics(naming.naming(), Layers.all());
    Traffic.drive(bench.telemetry);
    Traffic.work(bench.telemetry);
    Set<WireName> onTheWire =
        bench.reader.collectAllMetrics().stream()
            .map(NamingsOnTheWireTest::wireName)
            .filter(name -> !OWN.matcher(name.name()).find())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(onTheWire).containsExactlyElementsOf(naming.listed());
    assertThat(onTheWire)
        .extracting(WireName::name)
        .containsAll(
            Arrays.stream(Instrument.values())
                .map(naming.naming()::name)
                .filter(Objects::nonNull)
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void reachesPrometheusAsListed(Naming naming) throws Exception {
    try (ProxyTelemetrySdk telemetry = telemetry(naming)) {
      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      for (WireName name : naming.listed()) {
        String type = name.isHistogram() ? "histogram" : name.isCounter() ? "counter" : "gauge";
        assertThat(scrape.text()).contains("# TYPE " + name.inPrometheus() + " " + type + "\n");
        assertThat(labels(scrape, name)).isEqualTo(name.labelsInPrometheus());
      }
      assertThat(scrape.text().lines().filter(line -> line.startsWith("# TYPE")))
          .filteredOn(line -> !OWN.matcher(line).find())
          .hasSize(naming.listed().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  @RequiresProgram("prometheus")
  void canBeAskedOfARealPrometheus(Naming naming) throws Exception {
    try (ProxyTelemetrySdk telemetry = telemetry(naming);
        RealPrometheus prometheus =
            RealPrometheus.scraping(telemetry.prometheusAddress("prometheus"))) {
      for (WireName name : naming.listed()) {
        String query = name.inPrometheus() + (name.isHistogram() ? "_count" : "");
        Map<Map<String, String>, Double> series = prometheus.query(query);
        assertThat(series).as(query).isNotEmpty();
        Set<String> labels = new TreeSet<>();
        series.keySet().forEach(of -> labels.addAll(of.keySet()));
        labels.removeAll(Set.of("__name__", "instance", "job"));
        assertThat(labels).as(query).isEqualTo(name.labelsInPrometheus());
      }
    }
  }

  private static ProxyTelemetrySdk telemetry(Naming naming) {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .prometheus("127.0.0.1", 0)
            .recording(options -> options.naming(naming.naming()).layers(Layers.all()))
            .build();
    Traffic.drive(telemetry);
    telemetry.inProgress("images");
    telemetry.bufferSizes().record(2048);
    telemetry.bufferSizes().defaultSize(4096);
    telemetry.bufferSizes().maxSize(65_536);
    telemetry.gauge("vips_memory_bytes", "By", () -> 1);
    telemetry.gauge("vips_max_memory_bytes", "By", () -> 2);
    telemetry.gauge("vips_allocs", "{allocation}", () -> 3);
    return telemetry;
  }

  static WireName wireName(MetricData metric) {
    Set<String> keys = new TreeSet<>();
    metric
        .getData()
        .getPoints()
        .forEach(
            point ->
                point
                    .getAttributes()
                    .forEach(
                        (key, value) ->
                            keys.add(
                                value instanceof Long ? key.getKey() + ":int" : key.getKey())));
    String kind =
        switch (metric.getType()) {
          case HISTOGRAM -> "histogram";
          case LONG_SUM -> metric.getLongSumData().isMonotonic() ? "counter" : "updowncounter";
          case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? "counter" : "updowncounter";
          default -> "gauge";
        };
    return new WireName(metric.getName(), kind, metric.getUnit(), keys);
  }

  private static Set<String> labels(Scrape scrape, WireName name) {
    String base = name.inPrometheus() + (name.isHistogram() ? "_count" : "");
    Set<String> labels = new TreeSet<>();
    for (String series : scrape.samples().keySet()) {
      if (series.equals(base) || series.startsWith(base + "{")) {
        Matcher matcher = LABEL.matcher(series);
        while (matcher.find()) {
          labels.add(matcher.group(1));
        }
      }
    }
    return labels;
  }
}
