package io.github.proxytelemetry.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Exporters set up as on the pages. */
class ExportersTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int REQUESTS = 20_000;

  @Test
  void recordsAboutOneTraceInAHundred_andCountsEveryRequest() throws Exception {
    try (OtlpHttpReceiver receiver = OtlpHttpReceiver.start();
        ProxyTelemetrySdk telemetry =
            ProxyTelemetrySdk.builder("t").otlp(receiver.endpoint(), otlp -> otlp.http()).build()) {
      for (int i = 0; i < REQUESTS; i++) {
        telemetry.startExchange(() -> "GET").end();
      }
      assertThat(telemetry.flush(LIMIT).status()).isEqualTo(Delivery.Status.DELIVERED);
      // Seven standard deviations on either side.
      assertThat(receiver.received().spans().size()).isBetween(100, 300);
      assertThat(receiver.received().total("privacy_proxy_requests_total")).isEqualTo(REQUESTS);
    }
  }

  @Test
  void tracesNothing_withoutAnOtlpExporter() {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .prometheus("127.0.0.1", 0)
            .sampling(Sampling.always())
            .build()) {
      ExchangeObservation exchange = telemetry.startExchange(() -> "GET");
      assertThat(exchange.traceId()).isNull();
      exchange.end();
    }
  }

  @Test
  void givesEachExporterItsOwnCredentials() throws Exception {
    Set<String> first = new ConcurrentSkipListSet<>();
    Set<String> second = new ConcurrentSkipListSet<>();
    HttpServer one = collector(first);
    HttpServer two = collector(second);
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .otlp(
                url(one),
                otlp -> otlp.name("one").http().header("x-tenant", "a").header("x-key", "1"))
            .otlp(
                url(two),
                otlp -> otlp.name("two").http().header("x-tenant", "b").bearerToken(() -> "t"))
            .build()) {
      telemetry.startExchange(() -> "GET").end();
      assertThat(telemetry.flush(LIMIT).status()).isEqualTo(Delivery.Status.DELIVERED);
      assertThat(first).containsExactly("a 1 null");
      assertThat(second).containsExactly("b null Bearer t");
    } finally {
      one.stop(0);
      two.stop(0);
    }
  }

  @Test
  void hasAsManyInstancesAsAreBuilt() throws Exception {
    try (OtlpHttpReceiver one = OtlpHttpReceiver.start();
        OtlpHttpReceiver two = OtlpHttpReceiver.start();
        ProxyTelemetrySdk data =
            ProxyTelemetrySdk.builder("data-plane")
                .otlp(one.endpoint(), otlp -> otlp.http())
                .sampling(Sampling.always())
                .build();
        ProxyTelemetrySdk control =
            ProxyTelemetrySdk.builder("control-plane")
                .otlp(two.endpoint(), otlp -> otlp.http())
                .sampling(Sampling.never())
                .build()) {
      data.startExchange(() -> "GET").end();
      control.startExchange(() -> "PUT").end();
      assertThat(data.flush(LIMIT).status()).isEqualTo(Delivery.Status.DELIVERED);
      assertThat(control.flush(LIMIT).status()).isEqualTo(Delivery.Status.DELIVERED);
      assertThat(one.received().spans()).hasSize(1);
      assertThat(two.received().spans()).isEmpty();
      assertThat(one.received().resource()).containsEntry("service.name", "data-plane");
      assertThat(two.received().resource()).containsEntry("service.name", "control-plane");
      assertThat(one.received().total("privacy_proxy_requests_total")).isEqualTo(1);
      assertThat(two.received().total("privacy_proxy_requests_total")).isEqualTo(1);
    }
  }

  @Test
  void logsUnderItsOwnName() throws Exception {
    BlockingQueue<LogRecord> records = new ArrayBlockingQueue<>(100);
    Logger logger = Logger.getLogger("io.github.proxytelemetry");
    Handler handler = new Keeping(records);
    logger.addHandler(handler);
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("t")
            .otlp(
                "127.0.0.1:" + FreePort.next(),
                otlp -> otlp.timeout(Duration.ofMillis(200)).interval(Duration.ofMillis(50)))
            .build();
    try {
      LogRecord record = records.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(record).isNotNull();
      assertThat(record.getLoggerName()).startsWith("io.github.proxytelemetry.");
    } finally {
      telemetry.close(Duration.ZERO);
      logger.removeHandler(handler);
    }
  }

  private static HttpServer collector(Set<String> seen) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          seen.add(
              exchange.getRequestHeaders().getFirst("x-tenant")
                  + ' '
                  + exchange.getRequestHeaders().getFirst("x-key")
                  + ' '
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static final class Keeping extends Handler {
    private final BlockingQueue<LogRecord> records;

    Keeping(BlockingQueue<LogRecord> records) {
      this.records = records;
    }

    @Override
    public void publish(LogRecord record) {
      // The test reads only the first few.
      boolean unused = records.offer(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
