package io.github.proxytelemetry.otel.sdk;

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
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an exporter does, the thread that asked it lives on. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ExportGuardTest {
  private final ExportGuard guard = new ExportGuard(TimeUnit.MILLISECONDS.toNanos(20));

  @Test
  void believesOnlyASuccess() {
    assertThat(guard.delivers(CompletableResultCode::ofSuccess)).isTrue();
    assertThat(guard.delivers(CompletableResultCode::ofFailure)).isFalse();
    assertThat(guard.delivers(CompletableResultCode::new)).isFalse();
  }

  @Test
  void survivesWhatIsThrown() {
    assertThat(guard.delivers(() -> fail(new IllegalStateException()))).isFalse();
    assertThat(guard.delivers(() -> fail(new NoClassDefFoundError("gone")))).isFalse();
    assertThat(guard.delivers(() -> fail(new StackOverflowError()))).isFalse();
  }

  @Test
  void clearsAnInterruptThatAnExporterLeaves() {
    assertThat(
            guard.delivers(
                () -> {
                  Thread.currentThread().interrupt();
                  return CompletableResultCode.ofSuccess();
                }))
        .isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void keepsExporting_afterEveryKindOfFailure() {
    Queue<Supplier<CompletableResultCode>> script =
        new ArrayDeque<>(
            List.of(
                () -> fail(new NoClassDefFoundError("gone")),
                () -> {
                  Thread.currentThread().interrupt();
                  return new CompletableResultCode();
                },
                CompletableResultCode::new,
                CompletableResultCode::ofSuccess));
    SpanExport loop = new SpanExport("t", new Scripted(script), TimeUnit.MILLISECONDS.toNanos(20));
    loop.start();
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      long later = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      for (int lost : new int[] {1, 1, 1, 0}) {
        span(provider).end();
        assertThat(loop.await(loop.request(), later)).isEqualTo(Delivery.ofLost(lost));
      }
      assertThat(loop.awaitStop(loop.requestStop(), later)).isEqualTo(Delivery.delivered());
      span(provider).end();
      assertThat(loop.takeLost()).isOne();
      assertThat(loop.pending()).isZero();
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
