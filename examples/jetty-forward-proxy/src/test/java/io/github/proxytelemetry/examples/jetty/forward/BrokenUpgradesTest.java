package io.github.proxytelemetry.examples.jetty.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.Warnings;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The proxy passes no upgrade on, so that an origin has nothing to switch to. */
class BrokenUpgradesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  private static final String GRANTED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + ACCEPT
          + "\r\n";
  private static final String[] UPGRADE = {
    "Connection: Upgrade\r\n", "Upgrade: websocket\r\n", "Sec-WebSocket-Version: 13\r\n"
  };

  private final Warnings warnings = new Warnings();
  private ScriptedOrigin origin;
  private ObservedServer proxy;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    proxy = ForwardProxy.start(0, 0);
  }

  @AfterEach
  void stop() throws Exception {
    Scrape scrape = Scrape.await(proxy.metricsAddress(), LIMIT, Scrape::isIdle);
    proxy.close();
    origin.close();
    warnings.close();
    assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    assertThat(warnings.messages()).isEmpty();
  }

  @Test
  void answers502_whenTheOriginSwitches() throws Exception {
    assertThat(switching(GRANTED)).isEqualTo(502);
    assertThat(switching(GRANTED, UPGRADE)).isEqualTo(502);
    assertThat(switching("HTTP/1.1 101 Switching Protocols\r\n\r\n")).isEqualTo(502);
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assertThat(get()).isEqualTo(200);
    assertThat(origin.requests()).allMatch(request -> request.headers("Upgrade").isEmpty());
  }

  @Test
  void passesOn_whatTheOriginAnswersInstead() throws Exception {
    origin.onRequest(OriginScript.respond("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"));
    assertThat(get(UPGRADE)).isEqualTo(200);
    origin.onRequest(OriginScript.respond("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno"));
    assertThat(get(UPGRADE)).isEqualTo(404);
  }

  @Test
  void answers502_whenTheOriginCloses() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.close();
        });
    assertThat(get(UPGRADE)).isEqualTo(502);
  }

  /** What a client hears of that response, after which only the proxy can close the connection. */
  private int switching(String response, String... fields) throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.send(response);
          connection.awaitEnd();
          closed.complete(null);
        });
    int status = get(fields);
    assertThat(closed).succeedsWithin(LIMIT);
    return status;
  }

  private int get(String... fields) throws Exception {
    String authority = "127.0.0.1:" + origin.address().getPort();
    String head = "GET http://%s/ HTTP/1.1\r\nHost: %s\r\n".formatted(authority, authority);
    try (RawClient client = new RawClient(proxy.address())) {
      client.send(head + String.join("", fields) + "\r\n");
      return client.read().status();
    }
  }
}
