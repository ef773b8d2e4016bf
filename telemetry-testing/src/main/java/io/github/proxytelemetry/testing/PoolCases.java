package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pooled connections to the origin, and retries. */
abstract class PoolCases extends AdapterCases {
  PoolCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void reportsThatAConnectionIsReused() throws Exception {
    needs(Capability.UPSTREAM_POOL);
    origin().onRequest(OriginScript.respond(OK)).onRequest(OriginScript.respond(OK));
    RawClient client = client(settings().withPool());
    exchange(client);
    exchange(client);
    settle(2);
    assertServed(0, "GET", 200);
    assertServed(1, "GET", 200);
    assertThat(origin().connections()).isOne();
    assertReused(attempt(0), false);
    assertReused(attempt(1), true);
    assertThat(attempt(1).dials()).isEmpty();
  }

  @Test
  void reportsNoError_whenAnIdleConnectionCloses() throws Exception {
    idle("");
  }

  @Test
  void reportsNoError_whenAnIdleConnectionIsTimedOut() throws Exception {
    idle("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  }

  /** Lets the origin send some bytes on an idle connection and close it. */
  private void idle(String lastWords) throws Exception {
    needs(Capability.UPSTREAM_POOL);
    CountDownLatch closed = new CountDownLatch(1);
    origin()
        .onRequest(
            connection -> {
              connection.readRequest();
              connection.send(OK);
              hold();
              connection.send(lastWords);
              connection.halfClose();
              connection.awaitEnd();
              connection.close();
              closed.countDown();
            })
        .onRequest(OriginScript.respond(OK));
    RawClient client = client(settings().withPool());
    exchange(client);
    recorder.awaitUntil(
        "the connection is idle",
        () -> recorder.activeExchanges() == 0 && recorder.activeAttempts() == 0,
        patience());
    release();
    assertThat(closed.await(patience().toSeconds(), TimeUnit.SECONDS))
        .as("the proxy closes its side")
        .isTrue();
    exchange(client);
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertServed(i, "GET", 200);
      assertBodies(i, 0, 2);
    }
    assertReused(attempt(1), false);
  }

  @Test
  void reportsTwoAttempts_whenAPooledConnectionIsStale() throws Exception {
    needs(Capability.UPSTREAM_POOL);
    needs(Capability.RETRIES);
    origin()
        .onRequest(OriginScript.respond(OK))
        .onRequest(this::fail)
        .onRequest(OriginScript.respond(OK));
    RawClient client = client(settings().withPool().retries(1));
    exchange(client);
    exchange(client);
    settle(2);
    assertServed(0, "GET", 200);
    RecordedExchange retried = exchange(1);
    assertThat(retried.status()).isEqualTo(200);
    assertThat(retried.terminal()).as("%s", retried).isEqualTo(Terminal.ENDED);
    assertThat(retried.responseBytes()).isEqualTo(2);
    List<RecordedAttempt> attempts = retried.attempts();
    assertThat(attempts).as("%s", retried).hasSize(2);
    assertReused(attempts.get(0), true);
    assertThat(attempts.get(0).terminal()).isEqualTo(Terminal.FAILED);
    assertThat(attempts.get(0).status()).isZero();
    assertReused(attempts.get(1), false);
    assertThat(attempts.get(1).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(attempts.get(1).status()).isEqualTo(200);
    assertTraceparents(1, attempts);
  }

  @Test
  void reportsEveryAttempt_untilTheOriginAnswers() throws Exception {
    needs(Capability.RETRIES);
    for (int i = 0; i < 2; i++) {
      origin().onRequest(this::fail);
    }
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client(settings().retries(2));
    exchange(client);
    settle(1);
    List<RecordedAttempt> attempts = exchange(0).attempts();
    assertThat(attempts)
        .extracting(RecordedAttempt::terminal)
        .containsExactly(Terminal.FAILED, Terminal.FAILED, Terminal.ENDED);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertTraceparents(0, attempts);
  }

  @Test
  void blamesTheOrigin_whenNoAttemptIsLeft() throws Exception {
    needs(Capability.RETRIES);
    for (int i = 0; i < 2; i++) {
      origin().onRequest(this::fail);
    }
    RawClient client = client(settings().retries(1));
    client.send(GET);
    assertThat(client.readResponse().status()).isEqualTo(502);
    settle(1);
    assertThat(exchange(0).attempts())
        .extracting(RecordedAttempt::terminal)
        .containsExactly(Terminal.FAILED, Terminal.FAILED);
    assertThat(exchange(0).status()).isEqualTo(502);
    assertBlame(
        0, Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, ProxyError.HTTP_RESPONSE_INCOMPLETE);
  }

  @Test
  void reportsBothAttempts_ofAHedgedRequest() throws Exception {
    needs(Capability.HEDGING);
    origin()
        .onRequest(Unfinished.silence())
        .onRequest(
            connection -> {
              connection.readRequest();
              origin().awaitRequests(2);
              connection.send(OK);
            });
    RawClient client = client(settings().withHedges());
    exchange(client);
    settle(1);
    RecordedExchange hedged = exchange(0);
    assertThat(hedged.terminal()).as("%s", hedged).isEqualTo(Terminal.ENDED);
    assertThat(hedged.blame()).as("%s", hedged).isNull();
    assertThat(hedged.responseBytes()).isEqualTo(2);
    assertThat(hedged.attempts())
        .extracting(RecordedAttempt::terminal)
        .containsExactlyInAnyOrder(Terminal.CANCELLED, Terminal.ENDED);
    assertThat(origin().requests())
        .flatExtracting(request -> request.headers("traceparent"))
        .containsExactlyInAnyOrderElementsOf(
            hedged.attempts().stream().map(RecordedAttempt::traceparent).toList());
  }

  /** Fails a request without a response. Half a head keeps a host from retrying it by itself. */
  private void fail(ScriptedOrigin.Connection connection) throws IOException {
    connection.readRequest();
    if (has(Capability.EVERY_ATTEMPT)) {
      connection.reset();
    } else {
      connection.send("HTTP/1.1 200 OK\r\nContent-Len");
      connection.close();
    }
  }

  private void assertReused(RecordedAttempt attempt, boolean reused) {
    if (has(Capability.UPSTREAM_REUSE)) {
      assertThat(attempt.connectionReused()).as("%s", attempt).isEqualTo(reused);
    }
  }

  /** Asserts that each attempt has sent a trace context of its own. */
  private void assertTraceparents(int firstRequest, List<RecordedAttempt> attempts) {
    assertThat(attempts).extracting(RecordedAttempt::traceparent).doesNotHaveDuplicates();
    for (int i = 0; i < attempts.size(); i++) {
      assertThat(origin().requests().get(firstRequest + i).headers("traceparent"))
          .containsExactly(attempts.get(i).traceparent());
    }
  }

  private static void exchange(RawClient client) throws Exception {
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
  }
}
