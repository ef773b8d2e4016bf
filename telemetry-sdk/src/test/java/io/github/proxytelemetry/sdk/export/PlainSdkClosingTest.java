package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A span that ends while the processor closes: the one who ends it has seen that the processor is
 * open, and is held there until it is closed. In earnest that is a race which few lose.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlainSdkClosingTest {
  private final CountDownLatch seenOpen = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService executor = NamedThreads.bounded("plain-closing", 2);
  private final FaultyExporter exporter = new FaultyExporter(CompletableResultCode::ofSuccess);

  @AfterEach
  void stop() {
    closed.countDown();
    executor.shutdownNow();
  }

  @Test
  void plainSpan_vanishes_whenItEndsWhileTheProcessorCloses() throws Exception {
    InMemoryMetricReader counts = InMemoryMetricReader.create();
    MeterProvider meters = SdkMeterProvider.builder().registerMetricReader(counts).build();
    // It asks for its meters between its look at whether it is open and the queue.
    BatchSpanProcessor processor =
        BatchSpanProcessor.builder(exporter.spans())
            .setScheduleDelay(Duration.ofDays(1))
            .setMeterProvider(() -> held(meters))
            .build();
    Thread proxy = end(processor::onEnd);
    seenOpen.await();
    assertThat(processor.shutdown().join(1, TimeUnit.MINUTES).isSuccess()).isTrue();
    closed.countDown();
    proxy.join();
    // Neither delivered nor dropped: it stays in the queue for ever.
    assertThat(exporter.delivered()).isZero();
    assertThat(counts.collectAllMetrics())
        .singleElement()
        .satisfies(
            metric -> {
              assertThat(metric.getName()).isEqualTo("queueSize");
              assertThat(metric.getLongGaugeData().getPoints())
                  .singleElement()
                  .satisfies(point -> assertThat(point.getValue()).isOne());
            });
  }

  @Test
  void ourSpan_isCounted_whenItEndsWhileTheProcessorCloses() throws Exception {
    SpanExport loop =
        new SpanExport(
            "t",
            exporter.spans(),
            new ExportGuard(executor, TimeUnit.MINUTES.toNanos(1), "collector:1"));
    loop.start();
    // What is to be queued is asked for after the same look.
    Thread proxy = end(span -> loop.onEnd(heldData(span)));
    seenOpen.await();
    long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    assertThat(loop.awaitStop(loop.requestStop(), later)).isEqualTo(new FlushResult(false, 0));
    closed.countDown();
    proxy.join();
    assertThat(exporter.delivered()).isZero();
    assertThat(loop.queued()).isZero();
    assertThat(loop.takeLost()).isOne();
    assertThat(loop.stats().dropped()).containsEntry("shut_down", 1L);
  }

  private static Thread end(Consumer<ReadableSpan> onEnd) {
    Span span = SdkTracerProvider.builder().build().get("t").spanBuilder("s").startSpan();
    Thread proxy = new Thread(() -> onEnd.accept((ReadableSpan) span));
    proxy.setDaemon(true);
    proxy.start();
    return proxy;
  }

  private <T> T held(T value) {
    seenOpen.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return value;
  }

  private ReadableSpan heldData(ReadableSpan span) {
    return (ReadableSpan)
        Proxy.newProxyInstance(
            ReadableSpan.class.getClassLoader(),
            new Class<?>[] {ReadableSpan.class},
            (proxy, method, arguments) ->
                method.getName().equals("toSpanData")
                    ? held(span.toSpanData())
                    : method.invoke(span, arguments));
  }
}
