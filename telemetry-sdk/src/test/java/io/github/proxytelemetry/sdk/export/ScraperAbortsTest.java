package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.proxytelemetry.sdk.Scraping;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scrapers that break off while they read, as a Prometheus that times out. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScraperAbortsTest {
  private static final int ABORTS = 100;

  @Test
  void leaveNoDescriptor() throws Exception {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    assumeThat(system).isInstanceOf(UnixOperatingSystemMXBean.class);
    UnixOperatingSystemMXBean unix = (UnixOperatingSystemMXBean) system;
    PrometheusExport listener =
        PrometheusExport.start(
            "t", new PrometheusSpec("127.0.0.1", 0), PrometheusExport.SCRAPE_NANOS);
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder().registerMetricReader(listener.addSource()).build()) {
      fill(provider);
      assertThat(Scraping.get(listener.address(), "text/plain")).hasSizeGreaterThan(4_000_000);
      abort(listener);
      long before = unix.getOpenFileDescriptorCount();
      for (int i = 0; i < ABORTS; i++) {
        abort(listener);
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (unix.getOpenFileDescriptorCount() > before + ABORTS / 10
          && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(unix.getOpenFileDescriptorCount()).isLessThanOrEqualTo(before + ABORTS / 10);
      assertThat(Scraping.get(listener.address(), "text/plain")).hasSizeGreaterThan(4_000_000);
    } finally {
      listener.close();
    }
  }

  /** More than the buffers of a socket hold, so that the server is still writing. */
  private static void fill(SdkMeterProvider provider) {
    LongCounter counter = provider.get("t").counterBuilder("c").build();
    for (int i = 0; i < 1900; i++) {
      counter.add(1, Attributes.of(AttributeKey.stringKey("k"), i + "x".repeat(2500)));
    }
  }

  private static void abort(PrometheusExport listener) throws IOException {
    try (Socket socket =
        new Socket(listener.address().getAddress(), listener.address().getPort())) {
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
      // A reset, with data unread.
      socket.setSoLinger(true, 0);
    }
  }
}
