package io.github.proxytelemetry.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Scripts that each host runs without telemetry, with a recorder, and with the real back end. The
 * client and the origin must receive the same in all three, but for our own headers; every request
 * is counted by its status, nothing stays open, and no observation is used after its end.
 */
public abstract class HostContract {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Returns the host. */
  protected abstract Host host();

  /** Whether requests are in absolute form. */
  protected boolean isForwardProxy() {
    return false;
  }

  /** Whether the host relays WebSockets. */
  protected boolean hasWebSockets() {
    return true;
  }

  /** Returns the number of exchanges that an attempt belongs to. */
  protected int exchangesWithAttempts(List<RecordedExchange> exchanges) {
    return exchanges.size();
  }

  /** Whether the host closes the connection when a request says {@code Connection: close}. */
  protected boolean closesWhenAsked() {
    return true;
  }

  /** Whether the adapter observes the clients' connections. */
  protected boolean hasConnections() {
    return true;
  }

  /** Why this host's adapter uses observations after their end; empty if it does not. */
  protected String lateCallsBecause() {
    return "";
  }

  @Test
  void everyKindOfMessage() throws Exception {
    compare(
        script -> {
          try (RawClient client = script.connect()) {
            script.get(client, "/");
            script.get(client, "/");
            script.send(client, "HEAD", "/", "", "");
            script.read(client, "HEAD");
            script.send(client, "POST", "/echo", "Content-Length: 5000\r\n", "x".repeat(5000));
            script.read(client, "POST");
            script.send(
                client,
                "POST",
                "/echo",
                "Transfer-Encoding: chunked\r\n",
                "4\r\nabcd\r\n0\r\n\r\n");
            script.read(client, "POST");
            script.get(client, "/empty");
            script.get(client, "/unchanged");
            script.get(client, "/missing");
            script.get(client, "/broken");
          }
        });
  }

  @Test
  void largeAnswersToSlowClients() throws Exception {
    compare(
        script -> {
          List<RawClient> clients = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            clients.add(script.connect());
            script.send(clients.get(i), "GET", i == 1 ? "/large-chunked" : "/large", "", "");
          }
          // Nobody reads from the later ones meanwhile, so their send buffers are full.
          for (RawClient client : clients) {
            script.read(client, "GET");
            client.close();
          }
        });
  }

  @Test
  void pipelinedRequests() throws Exception {
    compare(
        script -> {
          try (RawClient client = script.connect()) {
            for (String path : List.of("/", "/missing", "/broken")) {
              script.send(client, "GET", path, "", "");
            }
            for (int i = 0; i < 3; i++) {
              script.read(client, "GET");
            }
          }
        });
  }

  @Test
  void originThatResets() throws Exception {
    compare(
        script -> {
          try (RawClient client = script.connect()) {
            script.get(client, "/reset");
          }
        });
  }

  @Test
  void connectionThatTheClientDoesNotKeep() throws Exception {
    compare(
        script -> {
          for (int i = 0; i < 10; i++) {
            try (RawClient client = script.connect()) {
              script.send(client, "GET", "/", "Connection: close\r\n", "");
              script.read(client, "GET");
              if (closesWhenAsked()) {
                client.awaitEnd();
              }
            }
          }
        });
  }

  @Test
  void clientThatLeaves() throws Exception {
    compare(
        script -> {
          RawClient client = script.connect();
          script.send(client, "GET", "/large", "", "");
          RawMessage head = client.readHead();
          script.record(head.startLine());
          client.readBytes(1000);
          client.reset();
          script.count(head.status());
        });
  }

  @Test
  void webSocket() throws Exception {
    assumeTrue(hasWebSockets(), "the host relays WebSockets");
    compare(
        script -> {
          try (RawClient client = script.connect()) {
            client.send(WebSocketClient.handshake(script.target("/socket"), script.authority()));
            RawMessage switched = client.readHead();
            script.count(switched.status());
            script.record(switched.startLine());
            for (int i = 0; i < 40; i++) {
              WebSocketClient.sendText(client, "message " + i);
              script.record(WebSocketClient.readFrame(client));
            }
            WebSocketClient.sendClose(client);
            script.record(WebSocketClient.readFrame(client));
          }
        });
  }

  /** Runs a script without telemetry, with a recorder, and with the real back end. */
  protected final void compare(ClientScript.Play script) throws Exception {
    HostRun off = HostRun.of(host(), isForwardProxy(), ProxyTelemetry.noop(), script);
    assertThat(off.timed()).isZero();

    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    HostRun recorded = HostRun.of(host(), isForwardProxy(), recorder, script);
    assertSame(recorded, off);
    checkRecords(recorder, off.statuses());

    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").prometheus("127.0.0.1", 0).build()) {
      HostRun counted = HostRun.of(host(), isForwardProxy(), sdk, script);
      assertSame(counted, off);
      Metrics.awaitIdle(sdk, LIMIT).assertCounted(off.statuses(), lateCallsBecause().isEmpty());
    }
  }

  private static void assertSame(HostRun on, HostRun off) {
    assertThat(on.received()).as("received by the client").isEqualTo(off.received());
    assertThat(on.arrived()).as("received by the origin").isEqualTo(off.arrived());
    assertThat(on.log()).as("warnings of the library").isEmpty();
  }

  private void checkRecords(RecordingProxyTelemetry recorder, Map<Integer, Integer> statuses) {
    recorder.awaitIdle(LIMIT);
    recorder.assertInvariants();
    TreeMap<Integer, Integer> counted = new TreeMap<>();
    // An upgrade to HTTP/2 is no exchange: its request is answered on the first stream.
    List<RecordedExchange> exchanges =
        recorder.exchanges().stream()
            .filter(each -> each.terminal() != Terminal.DISCARDED)
            .toList();
    for (RecordedExchange exchange : exchanges) {
      counted.merge(exchange.status(), 1, Integer::sum);
    }
    assertThat(counted).as("exchanges by status").isEqualTo(statuses);
    assertThat(recorder.attempts().stream().map(RecordedAttempt::exchange).distinct())
        .as("exchanges with an attempt")
        .hasSize(exchangesWithAttempts(exchanges));
    if (hasConnections()) {
      assertThat(recorder.connections()).as("clients' connections").isNotEmpty();
    }
    if (lateCallsBecause().isEmpty()) {
      recorder.assertNoLateCalls();
    }
  }
}
