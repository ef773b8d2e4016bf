package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A collector that is away for a while. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OutageTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private int next;

  @Test
  void deliversWhatWasKept_whenTheCollectorComesUp() throws Exception {
    int port = FreePort.next();
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .otlp("http://127.0.0.1:" + port, otlp -> otlp.http().interval(Duration.ofMillis(50)))
            .build();
    LongCounter counter = sdk.openTelemetry().getMeter("t").counterBuilder("c").build();
    counter.add(3);
    DeliveryTest.spans(sdk, 600);
    assertThat(sdk.flush(Duration.ofMillis(200)).status()).isEqualTo(Delivery.Status.TIMED_OUT);
    counter.add(4);
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.start(port)) {
      // By itself, with nobody who flushes.
      receiver
          .received()
          .await(LONG, received -> received.spans().size() == 600 && received.total("c") == 7);
      assertThat(sdk.close(LONG)).isEqualTo(Delivery.delivered());
      assertThat(receiver.received().spans()).hasSize(600);
    }
  }

  @Test
  void keepsTheLast_whenTheQueueIsFull() {
    ExecutorService executor = NamedThreads.bounded("outage", 1);
    FaultyExporter faulty =
        new FaultyExporter(() -> Outcome.unavailable(TimeUnit.SECONDS.toNanos(3)).toResult());
    SpanExport loop =
        new SpanExport("t", faulty.spans(), new ExportGuard(executor, LONG.toNanos()));
    loop.start();
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(loop).build()) {
      spans(provider, SpanExport.CAPACITY);
      // Comes back when the exporter has been asked once, and is to be left alone for longer.
      assertThat(loop.await(loop.request(), System.nanoTime() + TimeUnit.SECONDS.toNanos(2)))
          .isEqualTo(Delivery.timedOut(SpanExport.CAPACITY));
      spans(provider, 100);
      assertThat(loop.pending()).isEqualTo(SpanExport.CAPACITY);
      faulty.heal();
      assertThat(loop.awaitStop(loop.requestStop(), System.nanoTime() + LONG.toNanos()))
          .isEqualTo(Delivery.ofLost(100));
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
}
