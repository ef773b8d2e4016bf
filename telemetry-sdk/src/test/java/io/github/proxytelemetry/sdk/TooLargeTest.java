package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is more than OTLP allows in a request, which is 64 MiB, is sent in several. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TooLargeTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String PATH = "/v1/metrics";

  @Test
  void sendsMetricsInHalves() throws Exception {
    try (Collector collector = new Collector()) {
      BareSdk sdk = sdk(collector);
      Meter meter = sdk.openTelemetry().getMeter("t");
      for (String name : List.of("a", "b", "c", "d", "e", "f", "g")) {
        meter.counterBuilder(name).build().add(1, large(10));
      }
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(collector.requests(PATH)).isEqualTo(2);
      assertThat(metrics(collector)).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f", "g");
    }
  }

  @Test
  void rejectsOnlyTheMetric_thatIsTooLargeByItself() throws Exception {
    try (Collector collector = new Collector()) {
      BareSdk sdk = sdk(collector);
      Meter meter = sdk.openTelemetry().getMeter("t");
      meter.counterBuilder("a").build().add(1);
      meter.counterBuilder("b").build().add(1, large(64));
      meter.counterBuilder("c").build().add(1);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.lost(1));
      assertThat(metrics(collector)).containsExactlyInAnyOrder("a", "c");
      ExporterHealth health = sdk.health().get(0);
      assertThat(health.delivered()).isEqualTo(2);
      assertThat(health.dropped()).containsEntry("rejected", 1L);
    }
  }

  private static Attributes large(int mebibytes) {
    return Attributes.of(AttributeKey.stringKey("text"), "x".repeat(mebibytes * 1024 * 1024));
  }

  private static List<String> metrics(Collector collector) throws InvalidProtocolBufferException {
    List<String> names = new ArrayList<>();
    for (ByteString body : collector.bodies(PATH)) {
      ExportMetricsServiceRequest.parseFrom(body)
          .getResourceMetrics(0)
          .getScopeMetricsList()
          .forEach(scope -> scope.getMetricsList().forEach(metric -> names.add(metric.getName())));
    }
    return names;
  }

  private static BareSdk sdk(Collector collector) {
    return BareSdk.start(
        ProxyTelemetrySdk.builder("t")
            .otlp(
                collector.url(),
                otlp -> otlp.http().withoutTraces().timeout(LONG).maxRequestSize(64 << 20)));
  }
}
