package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * A hundred thousand exchanges over both versions of HTTP, three of ten broken off by the client
 * where it can know whether it was heard: nothing is lost, nothing stays, nothing leaks.
 */
class ChurnTest {
  private static final int EXCHANGES = 100_000;
  private static final int CLIENTS = 16;
  private static final long SEED = 20_260_101;
  private static final double ABORTED = 0.3;
  private static final double HTTP2 = 0.25;
  private static final double LAST_ONE = 0.1;

  /** More than a stream may send before it is asked for more, which it never is. */
  private static final String BIG = "/bytes?n=100000";

  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong unheard = new AtomicLong();
  private final AtomicLong whole = new AtomicLong();
  private final AtomicLong wholeHttp2 = new AtomicLong();
  private final AtomicLong brokenAnswers = new AtomicLong();
  private final AtomicLong resetStreams = new AtomicLong();
  private final AtomicLong brokenUploads = new AtomicLong();

  @Test
  void returnsToZero_andLosesNoCount() throws Exception {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    try (TestOrigin origin = TestOrigin.start();
        Leaks leaks = new Leaks()) {
      try (GatewayFixture fixture = GatewayFixture.start(origin.authority())) {
        runAll(fixture.proxy.address());
        check(
            fixture.await(
                now ->
                    now.value("privacy_proxy_connections_duration_seconds_count")
                            == connections.get()
                        && now.isIdle()),
            origin);
      }
      assertThat(leaks.awaitReports()).isEmpty();
    }
  }

  private void check(Scrape scrape, TestOrigin origin) {
    long gets = whole.get() + wholeHttp2.get() + brokenAnswers.get() + resetStreams.get();
    long requests = gets + brokenUploads.get();
    assertThat(requests + unheard.get()).isEqualTo(EXCHANGES);
    assertThat(requests - whole.get() - wholeHttp2.get() + unheard.get())
        .isBetween(EXCHANGES * 29L / 100, EXCHANGES * 31L / 100);
    assertThat(origin.requests()).isEqualTo(requests);
    assertThat(scrape.value("privacy_proxy_connections_total"))
        .isEqualTo((double) connections.get());
    assertThat(scrape.value("privacy_proxy_requests_total{method=\"GET\"}"))
        .isEqualTo((double) gets);
    assertThat(scrape.value("privacy_proxy_requests_total{method=\"POST\"}"))
        .isEqualTo((double) brokenUploads.get());
    assertThat(scrape.sum("http_server_request_duration_seconds_count"))
        .isEqualTo((double) requests);
    assertThat(scrape.sum("privacy_proxy_requests_by_status")).isEqualTo((double) requests);
    assertThat(GatewayFixture.requests(scrape, "2", 200))
        .isEqualTo((double) wholeHttp2.get() + resetStreams.get());
    assertThat(GatewayFixture.requests(scrape, "1.1", 200))
        .isEqualTo((double) whole.get() + brokenAnswers.get());
    assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo((double) requests);
    assertThat(scrape.sum("privacy_proxy_attempts_total", "outcome=\"failed\"")).isZero();
    assertThat(scrape.sum("privacy_proxy_attempts_total", "outcome=\"timeout\"")).isZero();
    // An exchange is reported from one event loop, so that no race can explain a late call.
    assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
  }

  private void runAll(InetSocketAddress proxy) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      SplittableRandom random = new SplittableRandom(SEED);
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom own = random.split();
        all.add(
            () -> {
              int left = EXCHANGES / CLIENTS;
              while (left > 0) {
                left -=
                    own.nextDouble() < HTTP2 ? http2(proxy, left, own) : http1(proxy, left, own);
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Returns how many exchanges it made. */
  private int http1(InetSocketAddress proxy, int limit, SplittableRandom random)
      throws IOException {
    try (RawClient client = new RawClient(proxy)) {
      connections.incrementAndGet();
      for (int made = 1; ; made++) {
        if (random.nextDouble() < ABORTED) {
          breakOff(client, random);
          client.reset();
          return made;
        }
        assertThat(client.get("/hello").status()).isEqualTo(200);
        whole.incrementAndGet();
        if (made == limit || random.nextDouble() < LAST_ONE) {
          return made;
        }
      }
    }
  }

  private void breakOff(RawClient client, SplittableRandom random) throws IOException {
    String head = "GET " + BIG + " HTTP/1.1\r\nHost: x\r\n\r\n";
    switch (random.nextInt(3)) {
      case 0 -> {
        // Nothing, or a part of the head.
        client.send(head.substring(0, random.nextInt(head.length() - 2)));
        unheard.incrementAndGet();
      }
      case 1 -> {
        client.send(head);
        client.readSome(1 + random.nextInt(50_000));
        brokenAnswers.incrementAndGet();
      }
      default -> {
        client.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n");
        client.send("Expect: 100-continue\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(100);
        client.send("x".repeat(random.nextInt(1000)));
        brokenUploads.incrementAndGet();
      }
    }
  }

  /** Returns how many exchanges it made. */
  private int http2(InetSocketAddress proxy, int limit, SplittableRandom random)
      throws IOException {
    try (Http2RawClient client = new Http2RawClient(proxy)) {
      connections.incrementAndGet();
      for (int made = 1; ; made++) {
        boolean last = made == limit || random.nextDouble() < LAST_ONE;
        if (random.nextDouble() < ABORTED) {
          client.getAndReset(BIG);
          resetStreams.incrementAndGet();
          if (random.nextBoolean()) {
            client.reset();
            last = true;
          }
        } else {
          assertThat(client.get("/hello")).isEqualTo(5);
          wholeHttp2.incrementAndGet();
        }
        if (last) {
          return made;
        }
      }
    }
  }
}
