package io.github.proxytelemetry.examples.jetty.reverse;

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

/** Upgrades that one side did not ask for, and upgrades that come to nothing. */
class BrokenUpgradesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  private static final String GRANTED =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + ACCEPT
          + "\r\n";
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String[] UPGRADE = {
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
  };

  private final Warnings warnings = new Warnings();
  private ScriptedOrigin origin;
  private ObservedServer proxy;

  @BeforeEach
  void start() throws Exception {
    origin = ScriptedOrigin.start();
    proxy = ReverseProxy.start(0, 0, "127.0.0.1:" + origin.address().getPort());
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
  void answers502_whenNobodyAskedToSwitch() throws Exception {
    assertThat(switching(GRANTED)).isEqualTo(502);
    assertThat(switching("HTTP/1.1 101 Switching Protocols\r\n\r\n")).isEqualTo(502);
    origin.onRequest(OriginScript.respond(HELLO));
    assertThat(get().status()).isEqualTo(200);
  }

  @Test
  void answers502_whenTheOriginSwitchesWithoutTheKey() throws Exception {
    // Its Sec-WebSocket-Accept is that of another key.
    assertThat(switching(GRANTED, UPGRADE)).isEqualTo(502);
  }

  @Test
  void passesOn_whatTheOriginAnswersInstead() throws Exception {
    origin.onRequest(OriginScript.respond(HELLO));
    RawClient.Response ok = get(UPGRADE);
    assertThat(ok.status()).isEqualTo(200);
    assertThat(ok.body()).asString().isEqualTo("hello");
    origin.onRequest(
        OriginScript.respond(
            "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno"));
    RawClient.Response refused = get(UPGRADE);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).isEqualTo("Basic");
    assertThat(refused.body()).asString().isEqualTo("no");
  }

  @Test
  void answers502_whenTheOriginCloses() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.close();
        });
    assertThat(get(UPGRADE).status()).isEqualTo(502);
  }

  @Test
  void switchesNoClientOfHttp10() throws Exception {
    origin.onRequest(OriginScript.respond(HELLO));
    try (RawClient client = new RawClient(proxy.address())) {
      client.send("GET / HTTP/1.0\r\nHost: h\r\n" + String.join("\r\n", UPGRADE) + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(origin.requests().get(0).headers("Upgrade")).isEmpty();
  }

  private RawClient.Response get(String... fields) throws Exception {
    try (RawClient client = new RawClient(proxy.address())) {
      return client.get("/", fields);
    }
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
    int status = get(fields).status();
    assertThat(closed).succeedsWithin(LIMIT);
    return status;
  }
}
