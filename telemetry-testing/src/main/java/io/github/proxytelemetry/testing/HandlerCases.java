package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handlers of the host that throw, hang, respond late, continue after the end, or end twice. */
abstract class HandlerCases extends AdapterCases {
  private static final int RACES = 50;

  HandlerCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsScripts() {
    needs(Capability.HANDLER_SCRIPTS);
  }

  @Test
  void blamesTheProxy_whenAHandlerThrows() throws Exception {
    needs(Capability.HANDLER_ERROR_RESPONSE);
    RawClient client = client();
    client.send(get(HandlerScript.THROW_BEFORE_RESPONSE));
    assertThat(client.readResponse().status()).isEqualTo(500);
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(500);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertProxyBlamed();
  }

  @Test
  void blamesTheProxy_whenAHandlerThrowsAfterTheHead() throws Exception {
    RawClient client = client();
    client.send(get(HandlerScript.THROW_AFTER_HEAD));
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readToEnd()).asString().isEqualTo("hello");
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).responseBytes()).isEqualTo(5);
    assertThat(exchange(0).responseEnded()).isFalse();
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertProxyBlamed();
  }

  @Test
  void endsWithItsConnection_whatNoHandlerAnswers() throws Exception {
    needs(Capability.HANDLER_HANGS);
    RawClient client = client();
    client.send(get(HandlerScript.NEVER_ANSWER));
    awaitExchanges(1);
    recorder.awaitUntil(
        "the request was read",
        () -> exchange(0).events().contains("requestEnd"),
        AdapterCases.TIMEOUT);
    client.close();
    if (!has(Capability.CLIENT_ABORT_WHILE_WAITING)) {
      closeProxies();
    }
    settle(1);
    assertThat(exchange(0).status()).isZero();
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertThat(exchange(0).attempts()).isEmpty();
    if (has(Capability.CLIENT_ABORT_WHILE_WAITING)) {
      assertBlame(0, Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    }
  }

  @Test
  void reportsTheAnswer_ofAnotherThread() throws Exception {
    RawClient client = client(settings().handlerWork(this::hold));
    client.send(get(HandlerScript.ANSWER_FROM_THREAD));
    awaitExchanges(1);
    assertThat(exchange(0).events()).noneMatch(event -> event.startsWith("response"));
    release();
    assertThat(client.readResponse().body()).isEqualTo("ok");
    client.send(get(HandlerScript.ANSWER_FROM_THREAD));
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(2);
    assertAnswered(0, 200, 2);
    assertAnswered(1, 200, 2);
  }

  @Test
  void reportsTheEnd_whileAHandlerWorksOn() throws Exception {
    AtomicBoolean toldMeanwhile = new AtomicBoolean();
    RawClient client =
        client(
            settings()
                .handlerWork(
                    () -> {
                      recorder.awaitUntil(
                          "the response has ended while the handler works on",
                          () -> exchange(0).responseEnded(),
                          TIMEOUT);
                      toldMeanwhile.set(true);
                    }));
    client.send(get(HandlerScript.WORK_ON));
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertThat(toldMeanwhile).isTrue();
    assertAnswered(0, 200, 2);
  }

  @Test
  void reportsOneEnd_whenAHandlerFailsAfterItsAnswer() throws Exception {
    RawClient client = client();
    client.send(get(HandlerScript.FAIL_AFTER_RESPONSE));
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertThat(exchange(0).status()).isEqualTo(200);
    assertThat(exchange(0).responseEnded()).isTrue();
    assertThat(exchange(0).responseBytes()).isEqualTo(2);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.ENDED);
    assertThat(exchange(0).attempts()).isEmpty();
  }

  @Test
  void reportsOneEnd_whenTheAnswerMeetsTheClientsEnd() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    RawClient first = client(settings().handlerWork(() -> meet(both)));
    for (int i = 1; i <= RACES; i++) {
      RawClient client = i == 1 ? first : anotherClient();
      client.send(get(HandlerScript.ANSWER_FROM_THREAD));
      meet(both);
      client.reset();
      awaitExchanges(i);
    }
    settle(RACES);
    for (int i = 0; i < RACES; i++) {
      assertThat(exchange(i).terminal())
          .as("%s", exchange(i))
          .isIn(Terminal.ENDED, Terminal.FAILED);
    }
  }

  private static void meet(CyclicBarrier both) {
    try {
      both.await(RawSocket.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException late) {
      throw new AssertionError("the other one did not come", late);
    }
  }

  @Test
  void reportsNoContent_thatIsDropped() throws Exception {
    RawClient client = client();
    client.send(get(HandlerScript.WORK_ON).replace("GET", "HEAD"));
    assertThat(client.readResponse("HEAD").status()).isEqualTo(200);
    client.send(get(HandlerScript.WORK_ON));
    assertThat(client.readResponse().body()).as("the response after it").isEqualTo("ok");
    settle(2);
    assertAnswered(0, 200, 0);
    assertAnswered(1, 200, 2);
  }

  @Test
  void addsServerTimingOnce_toHeadersThatAreShared() throws Exception {
    RawClient client = client();
    for (int i = 0; i < 3; i++) {
      client.send(get(HandlerScript.SHARED_HEADERS));
      RawMessage response = client.readResponse();
      assertThat(response.body()).isEqualTo("ok");
      assertThat(response.headers("server-timing"))
          .containsExactly(RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    }
    settle(3);
    for (int i = 0; i < 3; i++) {
      assertAnswered(i, 200, 2);
    }
  }

  private void assertProxyBlamed() {
    assertBlame(0, Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, ProxyError.PROXY_INTERNAL_RESPONSE);
    assertThat(exchange(0).attempts()).isEmpty();
  }

  private static String get(HandlerScript script) {
    return lines(
        "GET /a HTTP/1.1", "Host: origin.test", HandlerScript.HEADER + ": " + script.name(), "");
  }
}
