package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many short connections, a fifth of them reset by the client: nothing is lost, nothing stays. */
class ChurnTest {
  private static final int CONNECTIONS = 20_000;
  private static final int THREADS = 16;
  private static final long SEED = 20_260_101;

  private final AtomicLong plain = new AtomicLong();
  private final AtomicLong blocked = new AtomicLong();
  private final AtomicLong tunnels = new AtomicLong();
  private final AtomicLong unheard = new AtomicLong();

  @Test
  void returnsToZero_andLosesNoCount() throws Exception {
    try (ProxyFixture fixture = ProxyFixture.start()) {
      runAll(fixture);

      Scrape scrape =
          fixture.await(
              now ->
                  now.value("privacy_proxy_connections_duration_seconds_count") == CONNECTIONS
                      && now.isIdle());
      double requests = plain.get() + blocked.get() + tunnels.get();
      assertThat(requests + unheard.get()).isEqualTo(CONNECTIONS);
      assertThat(scrape.value("privacy_proxy_connections_total")).isEqualTo(CONNECTIONS);
      assertThat(scrape.value("privacy_proxy_requests_total{method=\"GET\"}"))
          .isEqualTo((double) (plain.get() + blocked.get()));
      assertThat(scrape.value("privacy_proxy_requests_total{method=\"CONNECT\"}"))
          .isEqualTo((double) tunnels.get());
      assertThat(scrape.sum("privacy_proxy_requests_by_status")).isEqualTo(requests);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"403\"}"))
          .isEqualTo((double) blocked.get());
      assertThat(scrape.sum("privacy_proxy_attempts_total"))
          .isEqualTo((double) (plain.get() + tunnels.get()));
      assertThat(scrape.value("privacy_proxy_tunnel_duration_seconds_count{kind=\"connect\"}"))
          .isEqualTo((double) tunnels.get());
    }
  }

  private void runAll(ProxyFixture fixture) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      SplittableRandom random = new SplittableRandom(SEED);
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        int number = i;
        SplittableRandom own = random.split();
        all.add(
            () -> {
              run(fixture, number, own);
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

  private void run(ProxyFixture fixture, int number, SplittableRandom random) throws IOException {
    try (RawClient client = fixture.client()) {
      if (number % 5 == 0) {
        leave(fixture, client, random);
      } else if (number % 7 == 0) {
        assertThat(client.get("http://" + ProxyFixture.BLOCKED + "/").status()).isEqualTo(403);
        blocked.incrementAndGet();
      } else if (number % 11 == 0) {
        openTunnel(fixture, client);
        assertThat(client.get("/hello").status()).isEqualTo(200);
      } else {
        assertThat(client.get(fixture.url("/hello")).status()).isEqualTo(200);
        plain.incrementAndGet();
      }
    }
  }

  /** Leaves where the client can know whether its request was heard. */
  private void leave(ProxyFixture fixture, RawClient client, SplittableRandom random)
      throws IOException {
    String head = "GET " + fixture.url("/bytes?n=100000") + " HTTP/1.1\r\nHost: x\r\n\r\n";
    switch (random.nextInt(4)) {
      case 0 -> {
        // Nothing, or a part of the head.
        client.send(head.substring(0, random.nextInt(head.length() - 2)));
        unheard.incrementAndGet();
      }
      case 1 -> {
        // In the middle of the answer.
        client.send(head);
        client.readSome(1 + random.nextInt(50_000));
        plain.incrementAndGet();
      }
      case 2 -> {
        openTunnel(fixture, client);
      }
      default -> {
        // In the middle of the answer, in a tunnel.
        openTunnel(fixture, client);
        client.send("GET /bytes?n=100000 HTTP/1.1\r\nHost: x\r\n\r\n");
        client.readSome(1 + random.nextInt(50_000));
      }
    }
    client.reset();
  }

  private void openTunnel(ProxyFixture fixture, RawClient client) throws IOException {
    assertThat(client.connect(fixture.origin.authority()).status()).isEqualTo(200);
    tunnels.incrementAndGet();
  }
}
