package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
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
      TelemetrySdk sdk = sdk(collector);
      Meter meter = sdk.openTelemetry().getMeter("t");
      for (String name : List.of("a", "b", "c", "d", "e", "f", "g")) {
        meter.counterBuilder(name).build().add(1, large(10));
      }
      assertThat(sdk.close(LONG)).isEqualTo(Delivery.delivered());
      assertThat(collector.requests(PATH)).isEqualTo(2);
      assertThat(metrics(collector)).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f", "g");
    }
  }

  @Test
  void rejectsOnlyTheMetric_thatIsTooLargeByItself() throws Exception {
    try (Collector collector = new Collector()) {
      TelemetrySdk sdk = sdk(collector);
      Meter meter = sdk.openTelemetry().getMeter("t");
      meter.counterBuilder("a").build().add(1);
      meter.counterBuilder("b").build().add(1, large(64));
      meter.counterBuilder("c").build().add(1);
      assertThat(sdk.close(LONG)).isEqualTo(Delivery.ofLost(1));
      assertThat(metrics(collector)).containsExactlyInAnyOrder("a", "c");
      ExporterHealth health = sdk.health().get(0);
      assertThat(health.delivered()).isEqualTo(2);
      assertThat(health.dropped()).containsEntry("rejected", 1L);
    }
  }

  @Test
  void sendsSpansInHalves_andRejectsOnlyTheOneThatIsTooLargeByItself() {
    ExecutorService executor = NamedThreads.bounded("large", 1);
    Strict exporter = new Strict();
    SpanExport loop = new SpanExport("t", exporter, new ExportGuard(executor, LONG.toNanos()));
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      for (int i = 0; i < 300; i++) {
        provider.get("t").spanBuilder("s" + i).setParent(Context.root()).startSpan().end();
      }
      loop.start();
      assertThat(loop.awaitStop(loop.requestStop(), System.nanoTime() + LONG.toNanos()))
          .isEqualTo(Delivery.ofLost(1));
      assertThat(exporter.delivered).hasSize(299).doesNotContain("s77").doesNotHaveDuplicates();
      assertThat(loop.health().dropped()).containsEntry("rejected", 1L);
      assertThat(loop.health().queued()).isZero();
      assertThat(loop.queuedBytes()).isZero();
    } finally {
      executor.shutdownNow();
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

  private static TelemetrySdk sdk(Collector collector) {
    return TelemetrySdk.start(
        ProxyTelemetrySdk.builder("t")
            .otlp(collector.url(), otlp -> otlp.http().withoutTraces().timeout(LONG)));
  }

  /** Takes up to a hundred spans, and one of them never. */
  private static final class Strict implements SpanExporter {
    private final List<String> delivered = new ArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      List<String> names = spans.stream().map(SpanData::getName).toList();
      if (spans.size() > 100 || names.contains("s77")) {
        return Outcome.TOO_LARGE.toResult();
      }
      delivered.addAll(names);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
