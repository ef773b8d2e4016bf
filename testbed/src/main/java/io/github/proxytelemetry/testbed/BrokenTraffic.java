package io.github.proxytelemetry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.BrokenOrigin.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * Clients and origins that leave a proxy at every moment at which they can, among others that do
 * not. One is at work at a time, so that the proxy's numbers are known after each.
 */
public final class BrokenTraffic implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Warnings warnings = new Warnings();
  private final InetSocketAddress proxy;
  private final InetSocketAddress metrics;
  private final Function<Answer, String> targets;
  private int connections;
  private int requests;

  /**
   * Prepares the traffic.
   *
   * @param proxy where clients come in
   * @param metrics where Prometheus scrapes
   * @param targets the target of a request that is answered so; it ends with the answer's digit
   *     where the origin sees it
   */
  public BrokenTraffic(
      InetSocketAddress proxy, InetSocketAddress metrics, Function<Answer, String> targets) {
    this.proxy = proxy;
    this.metrics = metrics;
    this.targets = targets;
  }

  /** Plays all that a client of any proxy can do; the origin is closed then. */
  public void play(BrokenOrigin... origins) throws Exception {
    finish(Answer.WHOLE);
    clientsThatLeave(origins);
    finish(Answer.RESET);
    finish(Answer.SHORT);
    finish(Answer.WHOLE);
    for (BrokenOrigin origin : origins) {
      origin.close();
    }
    finish(Answer.WHOLE);
  }

  /** Plays what a client can do with {@code CONNECT}. */
  public void playTunnels(BrokenOrigin origin) throws Exception {
    try (RawClient client = connect()) {
      requests++;
      assertThat(client.connect(origin.authority()).status()).isEqualTo(200);
      client.send("GET /" + Answer.HELD.digit());
      client.reset();
    }
    awaitIdle();
    try (RawClient client = connect()) {
      requests++;
      assertThat(client.connect(origin.authority()).status()).isEqualTo(200);
      client.send("GET /" + Answer.RESET.digit() + " HTTP/1.1\r\n\r\n");
      client.readToEnd();
    }
    awaitIdle();
    try (RawClient client = connect()) {
      requests++;
      assertThat(client.connect("127.0.0.1:" + FreePort.next()).status()).isEqualTo(502);
    }
    awaitIdle();
  }

  /** Checks every total but that of connections. */
  public Scrape check() throws Exception {
    Scrape scrape = awaitIdle();
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(requests);
    assertThat(scrape.sum("privacy_proxy_requests_by_status")).isEqualTo(requests);
    assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    assertThat(warnings.messages()).isEmpty();
    return scrape;
  }

  /** Checks every total. */
  public void checkWithConnections() throws Exception {
    assertThat(check().sum("privacy_proxy_connections_total")).isEqualTo(connections);
  }

  @Override
  public void close() {
    warnings.close();
  }

  private void clientsThatLeave(BrokenOrigin... origins) throws Exception {
    leaveUnheard("");
    leaveUnheard("GET");
    leaveUnheard(head("GET", Answer.WHOLE));
    leaveWaiting(head("GET", Answer.HELD) + "\r\n", origins);
    String upload = head("POST", Answer.HELD) + "Content-Length: 1000\r\n\r\n";
    leaveWaiting(upload, origins);
    leaveWaiting(upload + "some", origins);
    String chunks = head("POST", Answer.HELD) + "Transfer-Encoding: chunked\r\n\r\n";
    leaveWaiting(chunks + "4\r\nso", origins);
    try (RawClient client = connect()) {
      requests++;
      client.send(head("GET", Answer.LARGE) + "\r\n");
      client.readSome("HTTP/1.1 200".length());
      client.reset();
    }
    awaitIdle();
  }

  private void leaveUnheard(String start) throws Exception {
    try (RawClient client = connect()) {
      client.send(start);
      client.reset();
    }
    if (start.indexOf('\n') < 0) {
      // The JDK's server takes the end of the connection for the end of the head.
      try (RawClient client = connect()) {
        client.send(start);
      }
    }
    awaitIdle();
  }

  private void leaveWaiting(String request, BrokenOrigin... origins) throws Exception {
    try (RawClient client = connect()) {
      requests++;
      client.send(request);
      Scrape.await(metrics, LIMIT, BrokenTraffic::isBusy);
      client.reset();
    }
    // A server that does not read while it waits learns from its answer that the client is gone.
    for (BrokenOrigin origin : origins) {
      origin.release(1);
    }
    awaitIdle();
  }

  private void finish(Answer answer) throws Exception {
    try (RawClient client = connect()) {
      requests++;
      client.send(head("GET", answer) + "Connection: close\r\n\r\n");
      client.readToEnd();
    }
    awaitIdle();
  }

  private String head(String method, Answer answer) {
    String target = targets.apply(answer);
    String host = target.startsWith("http://") ? URI.create(target).getAuthority() : "x";
    return method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n";
  }

  private RawClient connect() throws IOException {
    connections++;
    return new RawClient(proxy);
  }

  /** By either naming. */
  private static boolean isBusy(Scrape now) {
    return now.sum("privacy_proxy_requests_in_progress") == 1
        || now.sum("http_server_active_requests") == 1;
  }

  private Scrape awaitIdle() throws Exception {
    return Scrape.await(
        metrics, LIMIT, now -> now.isIdle() && now.sum("privacy_proxy_requests_total") == requests);
  }
}
