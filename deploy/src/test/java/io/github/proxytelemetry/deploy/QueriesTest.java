package io.github.proxytelemetry.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every query of the dashboards and rules finds data in a real Prometheus. */
@RequiresProgram("prometheus")
class QueriesTest {
  @ParameterizedTest
  @MethodSource("namings")
  void everyQueryReturnsASeries(SeriesNames names) throws Exception {
    try (ProxyTelemetrySdk telemetry = start(names);
        RealPrometheus prometheus =
            RealPrometheus.scraping(telemetry.prometheusAddress("prometheus"))) {
      // Two scrapes with a difference between them, for rate().
      ScriptedTraffic.run(telemetry);
      String seen = names.query("sum(${REQUESTS_TOTAL}) > 0");
      assertThat(Queries.withoutAnswer(List.of(seen), prometheus)).isEmpty();
      ScriptedTraffic.run(telemetry);

      List<String> queries = Queries.recorded(names);
      for (Dashboards.Dashboard dashboard : Dashboards.all()) {
        queries.addAll(Queries.of(dashboard.file(), names, ".*"));
      }
      assertThat(queries).hasSizeGreaterThan(35);
      assertThat(Queries.withoutAnswer(queries, prometheus)).isEmpty();
    }
  }

  static List<SeriesNames> namings() {
    return Namings.all();
  }

  /** With all layers, and an exporter that nobody answers. */
  private static ProxyTelemetrySdk start(SeriesNames names) {
    return ProxyTelemetrySdk.builder("edge")
        .prometheus("127.0.0.1", 0)
        .otlp("http://127.0.0.1:9", otlp -> otlp.http())
        .sampling(Sampling.always())
        .metricInterval(Duration.ofSeconds(1))
        .recording(recording -> recording.naming(names.naming).layers(Layers.all()))
        .build();
  }
}
