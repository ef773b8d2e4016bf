package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.sdk.live.LiveView;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  @Test
  void hasMetricsAndSpans_withoutAnyExporter() {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t").liveView().sampling(Sampling.always()).build()) {
      assertThat(telemetry.isEnabled()).isTrue();
      exchange(telemetry);
      LiveView view = view(telemetry);
      assertThat(total(view, "privacy_proxy_requests_total")).isEqualTo(1);
      assertThat(view.spans()).extracting(SpanData::getName).containsExactly("GET");
      assertThat(view.naming()).isSameAs(MetricNaming.PRIVACY_PROXY);
      assertThat(view.isStrict()).isFalse();
      assertThat(telemetry.health().exporters()).isEmpty();
    }
  }

  @Test
  void takesNothingFromAScrape() throws Exception {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .prometheus("127.0.0.1", 0)
            .liveView()
            .recording(recording -> recording.naming(MetricNaming.privacyProxy("p_")))
            .build()) {
      for (int i = 1; i <= 3; i++) {
        exchange(telemetry);
        assertThat(total(view(telemetry), "p_requests_total")).isEqualTo(i);
        assertThat(Scraping.get(telemetry.prometheusAddress("prometheus"), "text/plain"))
            .contains("p_requests_total{method=\"GET\"} " + i + ".0");
      }
    }
  }

  @Test
  void hasNoSpan_whenPrivacyIsStrict() {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .liveView()
            .sampling(Sampling.always())
            .recording(recording -> recording.privacy(Privacy.STRICT))
            .build()) {
      exchange(telemetry);
      assertThat(view(telemetry).isStrict()).isTrue();
      assertThat(view(telemetry).spans()).isEmpty();
    }
  }

  @Test
  void isNotThere_unlessItIsAskedFor_orWhenTheSdkIsOff() {
    try (ProxyTelemetrySdk plain =
            ProxyTelemetrySdk.builder("t").prometheus("127.0.0.1", 0).build();
        ProxyTelemetrySdk off =
            ProxyTelemetrySdk.fromMap(Map.of("OTEL_SDK_DISABLED", "true")).liveView().build()) {
      assertThat(LiveView.of(plain.openTelemetry())).isNull();
      assertThat(LiveView.of(off.openTelemetry())).isNull();
      assertThat(off.isEnabled()).isFalse();
    }
  }

  private static void exchange(ProxyTelemetrySdk telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
    exchange.requestEnd();
    exchange.responseStarted(200);
    exchange.responseEnd();
  }

  private static LiveView view(ProxyTelemetrySdk telemetry) {
    return Objects.requireNonNull(LiveView.of(telemetry.openTelemetry()));
  }

  private static long total(LiveView view, String name) {
    return view.metrics().stream()
        .filter(metric -> metric.getName().equals(name))
        .map(MetricData::getLongSumData)
        .flatMap(data -> data.getPoints().stream())
        .mapToLong(LongPointData::getValue)
        .sum();
  }
}
