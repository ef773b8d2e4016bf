package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.OtelProxyTelemetryBuilder;
import io.github.proxytelemetry.otel.Privacy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exemplars and buckets at a real listener, as a scraper sees them. */
class ExemplarsTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String FILTER = "OTEL_METRICS_EXEMPLAR_FILTER";

  @Test
  void haveTheTraceOfARecordedRequest_whereTheyAreOn() throws Exception {
    String page = scrape(Map.of(), "01", options -> options.metrics(m -> m.exemplars(true)));
    for (String metric :
        new String[] {
          "privacy_proxy_processing_duration_seconds",
          "privacy_proxy_first_byte_latency_seconds",
          "privacy_proxy_request_duration_seconds",
          "privacy_proxy_upstream_duration_seconds"
        }) {
      assertThat(page.lines())
          .as(metric)
          .anyMatch(
              line ->
                  line.startsWith(metric + "_bucket{")
                      && line.contains(" # {")
                      && line.contains("trace_id=\"" + TRACE + '"'));
    }
  }

  @Test
  void areOff_unlessTheyAreAskedFor() throws Exception {
    assertThat(scrape(Map.of(), "01", options -> {}))
        .contains("privacy_proxy_processing_duration_seconds_bucket")
        .doesNotContain(" # {")
        .doesNotContain(TRACE);
  }

  @ParameterizedTest
  @CsvSource({
    "trace_based, 01, true, true",
    "Trace_Based, 00, false, false",
    "always_on, 01, true, true",
    "always_on, 00, true, false",
    "always_off, 01, false, false"
  })
  void followTheVariable(String filter, String flags, boolean any, boolean traced)
      throws Exception {
    String page = scrape(Map.of(FILTER, filter), flags, options -> {});
    assertThat(page.contains(" # {")).isEqualTo(any);
    assertThat(page.contains(TRACE)).isEqualTo(traced);
  }

  @ParameterizedTest
  @CsvSource({"trace_based", "always_on"})
  void areOffInAnyCase_whereNothingIsRecordedAboutSingleRequests(String filter) throws Exception {
    assertThat(
            scrape(
                Map.of(FILTER, filter),
                "01",
                options -> options.privacy(Privacy.STRICT).metrics(m -> m.exemplars(true))))
        .contains("privacy_proxy_processing_duration_seconds_bucket")
        .doesNotContain(" # {")
        .doesNotContain(TRACE);
  }

  @Test
  void areNot_whereTheVariableIsUnknown() {
    assertThat(LogLines.of(() -> Configurations.environment(Map.of(FILTER, "some\nof them"))))
        .anyMatch(line -> line.contains(FILTER + ": invalid value \"some?of them\"; expected"));
  }

  @Test
  void bucketsAreTheHostsOwn() throws Exception {
    String page =
        scrape(
            Map.of(),
            "01",
            options ->
                options.metrics(
                    m ->
                        m.buckets(Instrument.PROCESSING_DURATION_SECONDS, 0.125, 3)
                            .buckets(Instrument.REQUEST_DURATION_SECONDS, 7.5)));
    assertThat(
            page.lines()
                .filter(
                    line -> line.startsWith("privacy_proxy_processing_duration_seconds_bucket")))
        .hasSize(3)
        .anyMatch(line -> line.contains("le=\"0.125\""))
        .anyMatch(line -> line.contains("le=\"3.0\""));
    assertThat(page).contains("le=\"7.5\"");
  }

  @Test
  void refuseWhatIsNoBucket() {
    assertThatThrownBy(() -> buckets(Instrument.REQUESTS_TOTAL, 1))
        .hasMessage(
            "buckets: invalid value \"REQUESTS_TOTAL\"; expected a histogram, such as"
                + " PROCESSING_DURATION_SECONDS");
    assertThatThrownBy(() -> buckets(Instrument.PROCESSING_DURATION_SECONDS, 2, 1))
        .hasMessageContaining("buckets: invalid value \"[2.0, 1.0]\"")
        .hasMessageContaining("expected finite numbers in ascending order");
    assertThatThrownBy(() -> buckets(Instrument.PROCESSING_DURATION_SECONDS, Double.NaN))
        .hasMessageContaining("[NaN]");
  }

  @Test
  void refuseTwoKindsOfBuckets_forOneName() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("t")
            .prometheus("127.0.0.1", 0)
            .recording(
                options ->
                    options
                        .naming(MetricNaming.KRAKEND)
                        .layers(Layers.all())
                        .metrics(
                            m -> {
                              for (Instrument each : Instrument.values()) {
                                if (each.kind() == Instrument.Kind.HISTOGRAM) {
                                  m.buckets(each, 1 + each.name().length());
                                }
                              }
                            }));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the same for every instrument with the name");
  }

  private static void buckets(Instrument instrument, double... bounds) {
    ProxyTelemetrySdk.builder("t")
        .prometheus("127.0.0.1", 0)
        .recording(options -> options.metrics(m -> m.buckets(instrument, bounds)))
        .build();
  }

  /** One request with an attempt, within a trace that came in, and what a scraper then gets. */
  private static String scrape(
      Map<String, String> variables, String flags, Consumer<OtelProxyTelemetryBuilder> options)
      throws Exception {
    Map<String, String> all = new HashMap<>(variables);
    all.put("OTEL_METRICS_EXPORTER", "prometheus");
    all.put("OTEL_EXPORTER_PROMETHEUS_PORT", "0");
    try (ProxyTelemetrySdk telemetry =
        Configurations.environment(all)
            .liveView()
            .recording(recording -> recording.layers(Layers.all()))
            .recording(options)
            .build()) {
      Headers received = new Headers();
      received.with("traceparent", "00-" + TRACE + "-b7ad6b7169203331-" + flags);
      Configurations.drive(telemetry, received);
      return Scraping.get(telemetry.prometheusAddress("prometheus"), OPEN_METRICS);
    }
  }
}
