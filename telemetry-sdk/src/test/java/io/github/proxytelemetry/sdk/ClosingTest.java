package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.opentelemetry.api.trace.Span;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end: in time, with every span accounted for, and nothing left. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClosingTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void accountsForEverySpan_thatEndsWhileItCloses() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (Collector collector = new Collector()) {
        BareSdk sdk =
            BareSdk.start(
                ProxyTelemetrySdk.builder("t")
                    .otlp(collector.url(), otlp -> otlp.http().withoutMetrics()));
        AtomicLong ended = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(2);
        List<Thread> proxies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          Thread proxy =
              new Thread(
                  () -> {
                    for (int n = 0; n < 300; n++) {
                      Span span = Spans.start(sdk.openTelemetry());
                      // What begins after the end is no span any more.
                      if (span.isRecording()) {
                        ended.incrementAndGet();
                      }
                      span.end();
                      if (n == 50) {
                        begun.countDown();
                      }
                    }
                  });
          proxies.add(proxy);
          proxy.start();
        }
        begun.await();
        sdk.close(LONG);
        for (Thread proxy : proxies) {
          proxy.join();
        }
        ExporterHealth health = sdk.health().get(0);
        assertThat(ended.get()).isBetween(2L * 51, 2L * 300);
        assertThat(health.delivered() + health.totalDropped()).isEqualTo(ended.get());
        assertThat(health.queued()).isZero();
      }
    }
  }

  @Test
  void leavesNoThreadAndNoSocket() throws Exception {
    try (Collector healthy = new Collector();
        Collector hanging = new Collector();
        ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      hanging.hang();
      BareSdk sdk =
          BareSdk.start(
              ProxyTelemetrySdk.builder("t")
                  .otlp(healthy.url(), otlp -> otlp.http().name("closing-1"))
                  .otlp(hanging.url(), otlp -> otlp.http().name("closing-2"))
                  .otlp("127.0.0.1:" + FreePort.next(), otlp -> otlp.name("closing-3"))
                  .otlp(
                      "127.0.0.1:" + silent.getLocalPort(),
                      otlp -> otlp.name("closing-4").withoutMetrics())
                  .prometheus("127.0.0.1", 0, options -> options.name("closing-5")));
      InetSocketAddress address = sdk.prometheusAddress("closing-5");
      Scraping.get(address, "text/plain");
      sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(7);
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.flush(Duration.ofMillis(200)).status()).isEqualTo(Delivery.Status.TIMED_OUT);
      try (Socket accepted = silent.accept()) {
        Delivery delivery = sdk.close(Duration.ofMillis(500));
        assertThat(delivery.status()).isEqualTo(Delivery.Status.TIMED_OUT);
        // Read to its end: the connection is closed without an answer.
        accepted.getInputStream().readAllBytes();
      }
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("proxy-telemetry-closing")) {
          thread.join(LONG.toMillis());
          assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
      }
      assertThatThrownBy(() -> Scraping.get(address, "text/plain"))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void mayBeClosedByManyAtOnce() throws Exception {
    try (Collector collector = new Collector()) {
      BareSdk sdk =
          BareSdk.start(ProxyTelemetrySdk.builder("t").otlp(collector.url(), otlp -> otlp.http()));
      collector.answer(400);
      Spans.end(sdk.openTelemetry(), 3);
      List<Delivery> answers = java.util.Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Thread thread = new Thread(() -> answers.add(sdk.close(LONG)));
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(answers).hasSize(8).containsOnly(Deliveries.lost(3));
      assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(3));
    }
  }
}
