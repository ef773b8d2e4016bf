package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
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

/** The queue of spans, and batches that are refused. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SpanExportTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private int next;

  @Test
  void keepsTheLast_whenTheQueueIsFull() {
    ExecutorService executor = NamedThreads.bounded("outage", 1);
    FaultyExporter faulty =
        new FaultyExporter(
            () -> FaultyExporter.fail(Outcome.unavailable(TimeUnit.SECONDS.toNanos(3), "busy")));
    SpanExport loop =
        new SpanExport(
            "t", faulty.spans(), new ExportGuard(executor, LONG.toNanos(), "collector:1"));
    loop.start();
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      spans(provider, SpanExport.CAPACITY);
      // Comes back when the exporter has been asked once, and is to be left alone for longer.
      assertThat(loop.await(loop.request(), System.nanoTime() + TimeUnit.SECONDS.toNanos(2)))
          .isEqualTo(new FlushResult(true, SpanExport.CAPACITY));
      spans(provider, 100);
      assertThat(loop.queued()).isEqualTo(SpanExport.CAPACITY);
      faulty.heal();
      assertThat(loop.awaitStop(loop.requestStop(), System.nanoTime() + LONG.toNanos()))
          .isEqualTo(new FlushResult(false, 100));
      assertThat(faulty.delivered()).isEqualTo(SpanExport.CAPACITY);
      assertThat(faulty.names()).doesNotContain("s0", "s99").contains("s100", "s2147");
    } finally {
      executor.shutdownNow();
    }
  }

  private void spans(SdkTracerProvider provider, int count) {
    for (int i = 0; i < count; i++) {
      provider.get("t").spanBuilder("s" + next++).setParent(Context.root()).startSpan().end();
    }
  }

  @Test
  void sendsSpansInHalves_andRejectsOnlyTheOneThatIsTooLargeByItself() {
    ExecutorService executor = NamedThreads.bounded("large", 1);
    Strict exporter = new Strict();
    SpanExport loop =
        new SpanExport("t", exporter, new ExportGuard(executor, LONG.toNanos(), "collector:1"));
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      for (int i = 0; i < 300; i++) {
        provider.get("t").spanBuilder("s" + i).setParent(Context.root()).startSpan().end();
      }
      loop.start();
      assertThat(loop.awaitStop(loop.requestStop(), System.nanoTime() + LONG.toNanos()))
          .isEqualTo(new FlushResult(false, 1));
      assertThat(exporter.delivered).hasSize(299).doesNotContain("s77").doesNotHaveDuplicates();
      assertThat(loop.stats().dropped()).containsEntry("rejected", 1L);
      assertThat(loop.stats().queued()).isZero();
      assertThat(loop.queuedBytes()).isZero();
    } finally {
      executor.shutdownNow();
    }
  }

  /** Takes up to a hundred spans, and one of them never. */
  private static final class Strict implements SpanExporter {
    private final List<String> delivered = new ArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      List<String> names = spans.stream().map(SpanData::getName).toList();
      if (spans.size() > 100 || names.contains("s77")) {
        return FaultyExporter.fail(Outcome.TOO_LARGE);
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
