package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** Base class of the cases for adapters: an origin, a proxy, its clients, and common assertions. */
abstract class AdapterCases {
  static final Duration TIMEOUT = Duration.ofMillis(RawSocket.TIMEOUT_MILLIS);
  static final String GET = "GET /a HTTP/1.1\r\nHost: origin.test\r\n\r\n";
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final AdapterUnderTest adapter;
  private final List<RawClient> clients = new ArrayList<>();
  private final List<ProxyUnderTest> proxies = new ArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private @Nullable ScriptedOrigin scripted;
  private boolean unrecorded;

  AdapterCases(AdapterUnderTest adapter) {
    this.adapter = adapter;
  }

  @BeforeEach
  void startOrigin() throws IOException {
    scripted = ScriptedOrigin.start();
  }

  @AfterEach
  void stopAll() throws Exception {
    release();
    for (RawClient client : clients) {
      client.close();
    }
    closeProxies();
    origin().close();
    assertRules();
  }

  ScriptedOrigin origin() {
    return Objects.requireNonNull(scripted);
  }

  boolean has(Capability capability) {
    return !adapter.waived().containsKey(capability);
  }

  void needs(Capability capability) {
    Assumptions.assumeTrue(
        has(capability), () -> capability + ": " + adapter.waived().get(capability));
  }

  ProxySettings settings() {
    return settings("127.0.0.1", origin().address().getPort());
  }

  ProxySettings settings(String originHost, int originPort) {
    return new ProxySettings(originHost, originPort, TIMEOUT);
  }

  /** Starts a proxy with default settings, and connects a client. */
  RawClient client() throws Exception {
    return client(recorder, settings());
  }

  /** Starts a proxy, and connects a client. */
  RawClient client(ProxySettings settings) throws Exception {
    return client(recorder, settings);
  }

  RawClient client(ProxyTelemetry telemetry, ProxySettings settings) throws Exception {
    unrecorded |= telemetry != recorder;
    proxies.add(adapter.startProxy(telemetry, settings));
    return anotherClient();
  }

  /** The address of the proxy that was started last. */
  InetSocketAddress address() {
    return proxies.get(proxies.size() - 1).address();
  }

  /** Connects another client to the proxy that was started last. */
  RawClient anotherClient() throws Exception {
    RawClient client = RawClient.connect(address());
    clients.add(client);
    return client;
  }

  /** Closes the proxies; some hosts notice only then that a client has disconnected. */
  void closeProxies() throws Exception {
    for (ProxyUnderTest proxy : proxies) {
      proxy.close();
    }
  }

  /** Blocks an origin's script until {@link #release}. */
  void hold() {
    try {
      if (!held.await(RawSocket.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("release() was not called in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while held", interrupted);
    }
  }

  void release() {
    held.countDown();
  }

  void awaitExchanges(int count) {
    recorder.awaitUntil(
        count + " exchanges have started",
        () -> recorder.exchanges().size() == count,
        adapter.patience());
  }

  /**
   * Closes the clients, waits for the end of all observations and checks them. All but pooled
   * connections have to end while the proxy is running, and those when it is closed.
   */
  void settle(int exchanges) throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    recorder.awaitUntil(
        exchanges + " exchanges and their attempts, tunnels and connections have ended",
        () ->
            recorder.exchanges().size() == exchanges
                && (!has(Capability.CONNECTIONS) || recorder.connections().size() == clients.size())
                && recorder.activeConnections() == 0
                && recorder.activeExchanges() == 0
                && recorder.activeAttempts() == 0
                && recorder.activeTunnels() == 0,
        adapter.patience());
    closeProxies();
    assertRules();
    assertThat(recorder.exchanges()).hasSize(exchanges);
    WireByteChecks wireBytes = new WireByteChecks(recorder);
    if (has(Capability.CONNECTIONS) && has(Capability.WIRE_BYTES)) {
      clients.forEach(wireBytes::assertClient);
    }
    if (has(Capability.UPSTREAM_WIRE_BYTES) && !unrecorded && dialsTheOrigin()) {
      wireBytes.assertOrigin(originConnections());
    }
  }

  /** Asserts what holds after every case, once everything is closed. */
  private void assertRules() {
    recorder.awaitIdle(adapter.patience());
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
  }

  /** Whether the proxy under test is the only one that connects to the origin. */
  boolean dialsTheOrigin() {
    return true;
  }

  /** Waits for the end of the connections to the origin, and returns them. */
  List<ScriptedOrigin.Connection> originConnections() {
    release();
    return origin().awaitEnds();
  }

  /** How long to wait for what the proxy does. */
  Duration patience() {
    return adapter.patience();
  }

  RecordedExchange exchange(int index) {
    return recorder.exchanges().get(index);
  }

  RecordedAttempt attempt(int index) {
    assertThat(exchange(index).attempts()).as("attempts of %s", exchange(index)).hasSize(1);
    return exchange(index).attempts().get(0);
  }

  /** Asserts that an exchange and its only attempt succeeded. */
  void assertServed(int index, String method, int status) {
    RecordedExchange exchange = exchange(index);
    assertThat(exchange.events())
        .as(exchange.id())
        .contains("requestEnd")
        .containsSubsequence("started " + method, "responseStarted " + status, "responseEnd");
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.ENDED);
    assertThat(exchange.endedByConnection()).as("%s", exchange).isFalse();
    assertThat(exchange.blame()).as("%s", exchange).isNull();
    RecordedAttempt attempt = attempt(index);
    assertThat(attempt.events())
        .as(attempt.id())
        .contains("requestEnd")
        .containsSubsequence(
            "started", "requestStarted", "responseStarted " + status, "responseEnd");
    assertThat(attempt.method()).isEqualTo(method);
    assertThat(attempt.injections()).as("%s", attempt).isOne();
    assertThat(attempt.terminal()).as("%s", attempt).isEqualTo(Terminal.ENDED);
  }

  /** Asserts that the proxy itself responded to an exchange, without an error. */
  void assertAnswered(int index, int status, long responseBytes) {
    RecordedExchange exchange = exchange(index);
    assertThat(exchange.events())
        .as(exchange.id())
        .containsSubsequence("responseStarted " + status, "responseEnd");
    assertThat(exchange.terminal()).as("%s", exchange).isEqualTo(Terminal.ENDED);
    assertThat(exchange.blame()).as("%s", exchange).isNull();
    assertThat(exchange.attempts()).as("%s", exchange).isEmpty();
    assertThat(exchange.responseBytes()).as("response bytes").isEqualTo(responseBytes);
  }

  /** Asserts the sizes of the bodies, which are the same on both sides. */
  void assertBodies(int index, long requestBytes, long responseBytes) {
    assertThat(exchange(index).requestBytes()).as("request bytes").isEqualTo(requestBytes);
    assertThat(exchange(index).responseBytes()).as("response bytes").isEqualTo(responseBytes);
    assertThat(attempt(index).requestBytes()).as("bytes sent upstream").isEqualTo(requestBytes);
    assertThat(attempt(index).responseBytes()).as("bytes from upstream").isEqualTo(responseBytes);
  }

  void assertUpstreamVersion(int index, String version) {
    if (has(Capability.UPSTREAM_VERSION)) {
      assertThat(attempt(index).protocolVersion()).as("%s", attempt(index)).isEqualTo(version);
    }
  }

  /** Asserts the error of an exchange, and that the adapter reported it explicitly. */
  void assertBlame(int index, Side side, ProxyError... errors) {
    RecordedExchange exchange = exchange(index);
    assertFailure("blame of " + exchange, exchange.blame(), side, errors);
    assertThat(exchange.endedByConnection() && exchange.notes().isEmpty())
        .as("reported explicitly: %s", exchange)
        .isFalse();
  }

  static void assertFailure(
      String what, @Nullable RecordedFailure failure, Side side, ProxyError... errors) {
    if (failure == null) {
      throw new AssertionError("no " + what);
    }
    assertThat(failure.side()).as(what).isEqualTo(side);
    assertThat(failure.error()).as(what).isIn((Object[]) errors);
  }

  /** Joins lines with CRLF, and adds one at the end. */
  static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }
}
