package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Origins that answer whatever they like: each request counts once, under the status that the
 * client was sent, nothing stays open, and nothing of the answers is logged.
 */
abstract class HostileOriginCases extends AdapterCases {
  private static final int ROUNDS = 20;
  private static final int CLIENTS = 4;
  private static final int REQUESTS = 125;

  /** Longer than a loaded machine stalls, and shorter than the client waits. */
  private static final Duration UPSTREAM_TIMEOUT = Duration.ofSeconds(5);

  private final AdapterUnderTest adapter;

  HostileOriginCases(AdapterUnderTest adapter) {
    super(adapter);
    this.adapter = adapter;
  }

  @RepeatedTest(ROUNDS)
  void countsEveryRequest_whateverTheOriginAnswers(RepetitionInfo round) throws Exception {
    needs(Capability.HOSTILE_ORIGINS);
    long seed = round.getCurrentRepetition() * 1_000_000L;
    // Some clients repeat a request whose connection has failed.
    for (int i = 0; i < 8 * CLIENTS * REQUESTS; i++) {
      origin().onRequest(connection -> answer(seed, connection));
    }
    try (LibraryLog log = new LibraryLog()) {
      client(settings().upstreamTimeout(UPSTREAM_TIMEOUT)).close();
      List<Seen> seen = askAll();
      recorder.awaitUntil(
          "all but pooled connections have ended",
          () ->
              recorder.activeConnections() == 0
                  && recorder.activeExchanges() == 0
                  && recorder.activeTunnels() == 0,
          adapter.patience());
      closeProxies();
      recorder.awaitIdle(adapter.patience());
      recorder.assertInvariants();
      recorder.assertNoLateCalls();
      assertCounted(seen);
      assertThat(log.records()).as("lines of this library").isEmpty();
    }
  }

  private static void answer(long seed, ScriptedOrigin.Connection connection) throws IOException {
    String target = connection.readRequest().target();
    long number = Long.parseLong(target.substring(target.lastIndexOf('/') + 1));
    new HostileAnswers(seed + number).play(connection);
  }

  private List<Seen> askAll() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Seen>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i * REQUESTS;
        clients.add(() -> ask(first));
      }
      List<Seen> seen = new ArrayList<>();
      for (Future<Seen> each : threads.invokeAll(clients)) {
        seen.add(each.get());
      }
      return seen;
    } finally {
      threads.shutdownNow();
    }
  }

  private Seen ask(int first) throws Exception {
    Seen seen = new Seen();
    RawClient client = anotherConnection();
    boolean reused = true;
    for (int i = first; i < first + REQUESTS; i++) {
      if (!reused) {
        client = anotherConnection();
      }
      boolean keep = false;
      long before = client.received();
      seen.asking();
      try {
        client.send("GET /" + i + " HTTP/1.1\r\nHost: origin.test\r\n\r\n");
        keep = read(client, seen);
      } catch (SocketTimeoutException hung) {
        throw new AssertionError("no end of the answer to request " + i + ": " + seen.latest, hung);
      } catch (IOException | RuntimeException broken) {
        // The proxy cut the answer short, or passed on what is no HTTP.
      }
      if (seen.latest == null) {
        // On a connection that was kept, the proxy may have closed it before the request came.
        seen.unanswered(i > first && before > 0 && client.received() == before);
      }
      reused = keep && i + 1 < first + REQUESTS;
      if (!reused) {
        client.close();
      }
    }
    return seen;
  }

  private RawClient anotherConnection() throws IOException {
    return RawClient.connect(address());
  }

  /** Reads an answer; returns whether the connection can be used for another request. */
  private static boolean read(RawClient client, Seen seen) throws IOException {
    RawMessage head = client.readHead();
    while (head.isInterim()) {
      head = client.readHead();
    }
    seen.answer(head);
    if (!isFramed(head)) {
      return false;
    }
    client.reader.rest(head);
    return !head.headers("connection").contains("close");
  }

  /** Whether every reader of a response finds the same end of it. */
  private static boolean isFramed(RawMessage head) {
    List<String> lengths = head.headers("content-length");
    List<String> codings = head.headers("transfer-encoding");
    boolean sized = lengths.size() == 1 && lengths.get(0).matches("[0-9]{1,6}");
    return head.status() != 101
        && lengths.size() + codings.size() == 1
        && (sized || codings.contains("chunked"));
  }

  private void assertCounted(List<Seen> seen) {
    Map<Integer, Integer> counted = new TreeMap<>();
    for (RecordedExchange exchange : recorder.exchanges()) {
      counted.merge(exchange.status(), 1, Integer::sum);
    }
    Map<Integer, Integer> sent = new TreeMap<>();
    int unanswered = 0;
    int perhapsUnsent = 0;
    for (Seen each : seen) {
      each.statuses.forEach((status, count) -> sent.merge(status, count, Integer::sum));
      unanswered += each.unanswered;
      perhapsUnsent += each.perhapsUnsent;
    }
    int all = CLIENTS * REQUESTS;
    assertThat(recorder.exchanges().size()).as("requests").isBetween(all - perhapsUnsent, all);
    int spare = unanswered;
    sent.forEach(
        (status, count) ->
            assertThat(counted.getOrDefault(status, 0))
                .as("requests with status %d among %s; sent: %s", status, counted, sent)
                .isBetween(count, count + spare));
  }

  /** What one client has seen. */
  private static final class Seen {
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int unanswered;
    private int perhapsUnsent;
    private @Nullable RawMessage latest;

    void asking() {
      latest = null;
    }

    void answer(RawMessage head) {
      statuses.merge(head.status(), 1, Integer::sum);
      latest = head;
    }

    void unanswered(boolean perhapsNotSent) {
      unanswered++;
      if (perhapsNotSent) {
        perhapsUnsent++;
      }
    }
  }
}
