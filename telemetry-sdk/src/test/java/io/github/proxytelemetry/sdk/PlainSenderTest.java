package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;

/**
 * A collector that once sends the head of an answer and nothing more. The time-out of the JDK's
 * HTTP client ends with the head, so OpenTelemetry's sender for it waits for ever, and its reader
 * of metrics with it.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlainSenderTest {
  private static final String PATH = "/v1/metrics";
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Collector collector = new Collector();

  @AfterEach
  void stop() {
    collector.close();
  }

  /** JDK-8208693: its time-out has included the body since 26. */
  @Test
  @DisabledForJreRange(minVersion = 26)
  void plainMetrics_endForEver_whenOneBodyHangs() throws Exception {
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(plain()).setInterval(Duration.ofDays(1)).build())
            .build();
    provider.get("t").counterBuilder("c").build().add(1);
    collector.hang();
    CompletableResultCode first = provider.forceFlush();
    collector.awaitRequest();
    collector.answerOthers();
    assertThat(first.join(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).isDone()).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(provider.forceFlush().join(1, TimeUnit.MINUTES).isSuccess()).isFalse();
    }
    assertThat(collector.requests(PATH)).isOne();
  }

  @Test
  void ourMetrics_goOn_whenOneBodyHangs() {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .otlp(collector.url(), otlp -> otlp.http().withoutTraces().timeout(TIMEOUT))
            .build();
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    collector.hang();
    assertThat(sdk.flush(Duration.ofMinutes(1)).status()).isEqualTo(Delivery.Status.PARTIAL);
    collector.answerOthers();
    assertThat(sdk.flush(Duration.ofMinutes(1))).isEqualTo(Deliveries.delivered());
    assertThat(sdk.close(Duration.ofMinutes(1))).isEqualTo(Deliveries.delivered());
    assertThat(collector.requests(PATH)).isEqualTo(3);
    assertThat(sdk.health().exporters().get(0).exports()).containsEntry("timed_out", 1L);
  }

  private OtlpHttpMetricExporter plain() {
    return OtlpHttpMetricExporter.builder()
        .setEndpoint(collector.url() + PATH)
        .setTimeout(TIMEOUT)
        .setRetryPolicy(null)
        .setComponentLoader(
            new ComponentLoader() {
              @Override
              public <T> Iterable<T> load(Class<T> type) {
                return type == HttpSenderProvider.class
                    ? List.of(type.cast(new JdkHttpSenderProvider()))
                    : List.of();
              }
            })
        .build();
  }
}
