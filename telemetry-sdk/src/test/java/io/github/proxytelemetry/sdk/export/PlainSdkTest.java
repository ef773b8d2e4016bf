package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.Scraping;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.ExemplarFilter;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What goes wrong with the processors of OpenTelemetry's SDK, and does not with ours: the reasons
 * why we have our own. When one of the first halves fails the SDK has become better.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PlainSdkTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final ExecutorService executor = NamedThreads.bounded("plain", 4);
  private final ExportGuard guard =
      new ExportGuard(executor, TimeUnit.MILLISECONDS.toNanos(300), "collector:1");

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void plainMetrics_endForEver_whenOneExportNeverCompletes() {
    FaultyExporter faulty = new FaultyExporter(CompletableResultCode::new);
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(faulty.metrics())
                    .setInterval(Duration.ofDays(1))
                    .build())
            .build();
    provider.get("t").counterBuilder("c").build().add(1);
    provider.forceFlush();
    for (int i = 0; i < 3; i++) {
      assertThat(provider.forceFlush().join(1, TimeUnit.MINUTES).isSuccess()).isFalse();
    }
    assertThat(faulty.calls()).isOne();
  }

  @Test
  void ourMetrics_goOn_whenOneExportNeverCompletes() {
    FaultyExporter faulty = new FaultyExporter(CompletableResultCode::new);
    MetricExport loop = new MetricExport("t", faulty.metrics(), guard, MINUTE);
    SdkMeterProvider provider =
        SdkMeterProvider.builder().registerMetricReader(loop.addSource()).build();
    loop.start();
    provider.get("t").counterBuilder("c").build().add(1);
    assertThat(loop.await(loop.request(), later())).isEqualTo(new FlushResult(false, 1));
    faulty.heal();
    assertThat(loop.await(loop.request(), later())).isEqualTo(new FlushResult(false, 0));
    assertThat(loop.awaitStop(loop.requestStop(), later())).isEqualTo(new FlushResult(false, 0));
    assertThat(faulty.calls()).isEqualTo(3);
  }

  @Test
  void plainSpans_areReportedAsDelivered_whenAllWereLost() {
    FaultyExporter faulty = new FaultyExporter(CompletableResultCode::ofFailure);
    try (SdkTracerProvider provider = plain(faulty)) {
      span(provider, "");
      assertThat(provider.forceFlush().join(1, TimeUnit.MINUTES).isSuccess()).isTrue();
      assertThat(faulty.delivered()).isZero();
    }
  }

  @Test
  void ourSpans_areReportedAsLost_whenAllWereLost() {
    FaultyExporter faulty = new FaultyExporter(CompletableResultCode::ofFailure);
    SpanExport loop = ours(faulty);
    try (SdkTracerProvider provider = provider(loop)) {
      span(provider, "");
      assertThat(loop.await(loop.request(), later())).isEqualTo(new FlushResult(false, 1));
    }
    loop.awaitStop(loop.requestStop(), later());
  }

  @Test
  void plainSpans_endForEver_whenTheExporterLeavesAnInterrupt() throws Exception {
    assertThatTheWorkerDies(
        () -> {
          Thread.currentThread().interrupt();
          return CompletableResultCode.ofSuccess();
        });
  }

  @Test
  void ourSpans_goOn_whenTheExporterLeavesAnInterrupt() {
    assertThatOursGoesOn(
        () -> {
          Thread.currentThread().interrupt();
          return CompletableResultCode.ofFailure();
        });
  }

  @Test
  void plainSpans_endForEver_whenAClassIsMissing() throws Exception {
    assertThatTheWorkerDies(
        () -> {
          throw new NoClassDefFoundError("gone");
        });
  }

  @Test
  void ourSpans_goOn_whenAClassIsMissing() {
    assertThatOursGoesOn(
        () -> {
          throw new NoClassDefFoundError("gone");
        });
  }

  @Test
  void plainSpans_areKeptWhateverTheirSize() {
    CountDownLatch held = new CountDownLatch(1);
    FaultyExporter faulty = new FaultyExporter(() -> hold(held));
    try (SdkTracerProvider provider = plain(faulty)) {
      for (int i = 0; i < SpanQueue.CAPACITY; i++) {
        span(provider, "x".repeat(8 * 1024));
      }
      held.countDown();
      assertThat(provider.forceFlush().join(1, TimeUnit.MINUTES).isSuccess()).isTrue();
    }
    // 32 MB as Java counts characters: all of it was held at once.
    assertThat(faulty.delivered()).isEqualTo(SpanQueue.CAPACITY);
  }

  @Test
  void ourSpans_areBoundedInBytes() {
    FaultyExporter faulty = new FaultyExporter(CompletableResultCode::ofSuccess);
    SpanExport loop = ours(faulty, false);
    try (SdkTracerProvider provider = provider(loop)) {
      for (int i = 0; i < SpanQueue.CAPACITY; i++) {
        span(provider, "x".repeat(8 * 1024));
        assertThat(loop.queuedBytes()).isLessThanOrEqualTo(SpanQueue.MAX_BYTES);
      }
      assertThat(loop.queuedBytes()).isGreaterThan(SpanQueue.MAX_BYTES / 2);
      long kept = loop.queued();
      loop.start();
      assertThat(loop.awaitStop(loop.requestStop(), later()))
          .isEqualTo(new FlushResult(false, SpanQueue.CAPACITY - kept));
      assertThat(faulty.delivered()).isEqualTo(kept);
      assertThat(loop.queuedBytes()).isZero();
    }
  }

  @Test
  void plainExemplars_showWhatAViewRemoved() {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(reader)
            .setExemplarFilter(ExemplarFilter.traceBased())
            .registerView(
                InstrumentSelector.builder().setName("*").build(),
                View.builder().setAttributeFilter(Set.of("status")).build())
            .build();
    provider
        .get("t")
        .counterBuilder("c")
        .build()
        .add(1, Attributes.of(AttributeKey.stringKey("client"), "203.0.113.7"), sampled());
    assertThat(reader.collectAllMetrics().toString()).contains("203.0.113.7");
  }

  @Test
  void oursHasNoExemplars() throws Exception {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").prometheus("127.0.0.1", 0, options -> {}).build();
    sdk.openTelemetry()
        .getMeter("t")
        .counterBuilder("c")
        .build()
        .add(1, Attributes.empty(), sampled());
    assertThat(Scraping.get(sdk.prometheusAddress("prometheus"), "application/openmetrics-text"))
        .contains("c_total 1.0")
        .doesNotContain("trace_id");
    sdk.close(Duration.ofSeconds(10));
  }

  private static void assertThatTheWorkerDies(Supplier<CompletableResultCode> fault)
      throws InterruptedException {
    FaultyExporter faulty = new FaultyExporter(fault);
    SdkTracerProvider provider = plain(faulty);
    span(provider, "");
    provider.forceFlush();
    Thread worker = faulty.awaitThread();
    worker.join(TimeUnit.MINUTES.toMillis(1));
    assertThat(worker.isAlive()).isFalse();
    faulty.heal();
    span(provider, "");
    assertThat(provider.forceFlush().isDone()).isFalse();
    assertThat(faulty.calls()).isOne();
  }

  private void assertThatOursGoesOn(Supplier<CompletableResultCode> fault) {
    FaultyExporter faulty = new FaultyExporter(fault);
    SpanExport loop = ours(faulty);
    try (SdkTracerProvider provider = provider(loop)) {
      span(provider, "");
      assertThat(loop.await(loop.request(), later())).isEqualTo(new FlushResult(false, 1));
      faulty.heal();
      span(provider, "");
      assertThat(loop.await(loop.request(), later())).isEqualTo(new FlushResult(false, 0));
      assertThat(loop.awaitStop(loop.requestStop(), later())).isEqualTo(new FlushResult(false, 0));
    }
    assertThat(faulty.delivered()).isOne();
  }

  private SpanExport ours(FaultyExporter faulty) {
    return ours(faulty, true);
  }

  private SpanExport ours(FaultyExporter faulty, boolean started) {
    SpanExport loop = new SpanExport("t", faulty.spans(), guard);
    if (started) {
      loop.start();
    }
    return loop;
  }

  private static SdkTracerProvider plain(FaultyExporter faulty) {
    return provider(
        BatchSpanProcessor.builder(faulty.spans()).setScheduleDelay(Duration.ofDays(1)).build());
  }

  private static SdkTracerProvider provider(SpanProcessor processor) {
    return SdkTracerProvider.builder().addSpanProcessor(processor).build();
  }

  private static void span(SdkTracerProvider provider, String text) {
    Tracer tracer = provider.get("t");
    Span span = tracer.spanBuilder("s").setParent(Context.root()).startSpan();
    span.setAttribute("text", text).end();
  }

  private static CompletableResultCode hold(CountDownLatch held) {
    try {
      held.await();
      return CompletableResultCode.ofSuccess();
    } catch (InterruptedException e) {
      return CompletableResultCode.ofFailure();
    }
  }

  private static Context sampled() {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.create(
                    "0af7651916cd43dd8448eb211c80319c",
                    "b7ad6b7169203331",
                    TraceFlags.getSampled(),
                    TraceState.getDefault())));
  }

  private static long later() {
    return System.nanoTime() + MINUTE;
  }
}
