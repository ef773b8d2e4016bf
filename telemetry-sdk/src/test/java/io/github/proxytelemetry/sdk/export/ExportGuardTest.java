package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an exporter does, the thread that asked it lives on. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ExportGuardTest {
  private final ExecutorService executor = NamedThreads.bounded("guarded", 2);
  private final ExportGuard guard =
      new ExportGuard(executor, TimeUnit.MILLISECONDS.toNanos(500), "collector:1");

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void believesOnlyASuccess() {
    assertThat(guard.run(CompletableResultCode::ofSuccess)).isEqualTo(Outcome.delivered(0));
    assertThat(guard.run(CompletableResultCode::ofFailure))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.ERROR);
    assertThat(guard.run(CompletableResultCode::new))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.TIMED_OUT);
  }

  @Test
  void survivesWhatIsThrown() {
    assertThat(guard.run(() -> fail(new IllegalStateException())))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.ERROR);
    assertThat(guard.run(() -> fail(new NoClassDefFoundError("gone"))))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.ERROR);
    assertThat(guard.run(() -> fail(new StackOverflowError())))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.ERROR);
  }

  @Test
  void clearsAnInterruptThatAnExporterLeaves() {
    for (int i = 0; i < 3; i++) {
      assertThat(
              guard.run(
                  () -> {
                    boolean clean = !Thread.currentThread().isInterrupted();
                    Thread.currentThread().interrupt();
                    return clean
                        ? CompletableResultCode.ofSuccess()
                        : CompletableResultCode.ofFailure();
                  }))
          .isEqualTo(Outcome.delivered(0));
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void interruptsWhatHangs() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    assertThat(guard.run(() -> hang(interrupted)))
        .extracting(Outcome::kind)
        .isEqualTo(Outcome.Kind.TIMED_OUT);
    assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(guard.run(CompletableResultCode::ofSuccess)).isEqualTo(Outcome.delivered(0));
  }

  @Test
  void makesNoMoreThreads_forWhatCannotBeInterrupted() {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger started = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      assertThat(guard.run(() -> hangAnyway(started, end)))
          .extracting(Outcome::kind)
          .isEqualTo(Outcome.Kind.TIMED_OUT);
    }
    assertThat(started).hasValue(2);
    end.countDown();
  }

  @Test
  void keepsExporting_afterEveryKindOfFailure() {
    Queue<Supplier<CompletableResultCode>> script =
        new ArrayDeque<>(
            List.of(
                () -> fail(new NoClassDefFoundError("gone")),
                () -> {
                  Thread.currentThread().interrupt();
                  return CompletableResultCode.ofFailure();
                },
                () -> FaultyExporter.fail(Outcome.rejected("no")),
                () -> FaultyExporter.fail(Outcome.delivered(1)),
                CompletableResultCode::ofSuccess));
    SpanExport loop = new SpanExport("t", new Scripted(script), guard);
    loop.start();
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      for (int lost : new int[] {1, 1, 1, 1, 0}) {
        span(provider).end();
        assertThat(loop.await(loop.request(), later)).isEqualTo(new FlushResult(false, lost));
      }
      assertThat(loop.awaitStop(loop.requestStop(), later)).isEqualTo(new FlushResult(false, 0));
      span(provider).end();
      assertThat(loop.takeLost()).isOne();
      assertThat(loop.queued()).isZero();
      assertThat(loop.stats().delivered()).isOne();
      assertThat(loop.stats().dropped())
          .isEqualTo(Map.of("error", 2L, "rejected", 2L, "queue_full", 0L, "shut_down", 1L));
    }
  }

  @Test
  void triesTheSameSpanAgain_whereItMayYetBeDelivered() {
    Queue<Supplier<CompletableResultCode>> script =
        new ArrayDeque<>(
            List.of(
                CompletableResultCode::new,
                () -> FaultyExporter.fail(Outcome.unavailable(0, "busy")),
                CompletableResultCode::ofSuccess));
    SpanExport loop = new SpanExport("t", new Scripted(script), guard);
    loop.start();
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      span(provider).end();
      assertThat(loop.await(loop.request(), later)).isEqualTo(new FlushResult(false, 0));
      assertThat(loop.stats().exports())
          .containsEntry("timed_out", 1L)
          .containsEntry("unavailable", 1L)
          .containsEntry("delivered", 1L);
      assertThat(loop.awaitStop(loop.requestStop(), later)).isEqualTo(new FlushResult(false, 0));
    }
  }

  private static Span span(SdkTracerProvider provider) {
    return provider.get("t").spanBuilder("s").setParent(Context.root()).startSpan();
  }

  private static CompletableResultCode fail(RuntimeException thrown) {
    throw thrown;
  }

  private static CompletableResultCode fail(Error thrown) {
    throw thrown;
  }

  private static CompletableResultCode hang(CountDownLatch interrupted) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.countDown();
    }
    return CompletableResultCode.ofSuccess();
  }

  private static CompletableResultCode hangAnyway(AtomicInteger started, CountDownLatch end) {
    started.incrementAndGet();
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // What a look-up of a name does: nothing.
      }
    }
    return CompletableResultCode.ofSuccess();
  }

  private record Scripted(Queue<Supplier<CompletableResultCode>> script) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return script.remove().get();
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
