package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecordingProxyTelemetryTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final DownstreamObservation client = recorder.startDownstreamConnection(null, null);
  private final ExchangeObservation exchange = client.startExchange(BackendCases.GET);

  @Test
  void endsAnExchange_whenBothSidesHaveEnded() {
    exchange.responseStarted(413);
    exchange.responseEnd();
    assertThat(recorder.activeExchanges()).isOne();
    exchange.requestEnd();
    exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.requestBytes(1);
    RecordedExchange recorded = recorder.exchanges().get(0);
    assertThat(recorded.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(recorded.repeatedTerminals()).isOne();
    assertThat(recorded.lateCalls()).isOne();
    assertThat(recorded.requestBytes()).isZero();
    assertThat(recorded.events())
        .containsExactly("started GET", "responseStarted 413", "responseEnd", "requestEnd");
  }

  @Test
  void endsWhatIsOpen_withItsConnection_butNoAttempt() {
    AttemptObservation attempt = exchange.startAttempt(BackendCases.ORIGIN);
    client.startExchange(BackendCases.GET).startTunnel(TunnelKind.CONNECT);
    client.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(recorder.exchanges().get(0).endedByConnection()).isTrue();
    assertThat(recorder.exchanges().get(0).terminal()).isEqualTo(Terminal.FAILED);
    assertThat(recorder.exchanges().get(1).terminal()).isEqualTo(Terminal.TUNNELLED);
    assertThat(recorder.tunnels().get(0).endedByConnection()).isTrue();
    assertThat(recorder.activeAttempts()).isOne();
    assertThatThrownBy(() -> recorder.awaitIdle(Duration.ZERO))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("open: [attempt-1[started] open]");
    attempt.cancel();
    recorder.awaitIdle(Duration.ZERO);
    recorder.assertInvariants();
  }

  @Test
  void blamesTheClient_forWhatItsConnectionEnds() {
    client.end();
    RecordedExchange recorded = recorder.exchanges().get(0);
    assertThat(recorded.terminal()).isEqualTo(Terminal.FAILED);
    assertThat(recorded.blame())
        .isEqualTo(new RecordedFailure(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null));
  }

  @Test
  void blamesWhatWasNotedFirst_whenItsConnectionEnds() {
    exchange.note(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    client.end();
    assertThat(recorder.exchanges().get(0).blame())
        .isEqualTo(new RecordedFailure(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null));
  }

  @Test
  void givesEveryAttemptATraceparentOfItsOwn() {
    exchange.startAttempt(BackendCases.ORIGIN);
    exchange.startAttempt(BackendCases.ORIGIN);
    String first = recorder.attempts().get(0).traceparent();
    String second = recorder.attempts().get(1).traceparent();
    assertThat(first).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").isNotEqualTo(second);
    assertThat(first.substring(3, 35)).isEqualTo(exchange.traceId());
    assertThat(second.substring(3, 35)).isEqualTo(exchange.traceId());
  }

  @Test
  void letsTheFirstNoteWin() {
    exchange.note(Side.UPSTREAM, ProxyError.DNS_ERROR, null);
    exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
    exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
    assertThat(recorder.exchanges().get(0).blame())
        .isEqualTo(new RecordedFailure(Side.UPSTREAM, ProxyError.DNS_ERROR, null));
  }

  @Test
  void noticesAnOpenObservation() {
    assertViolation("exchange-1[started GET] open is open");
  }

  @Test
  void noticesAResponseWithoutAHead() {
    exchange.responseEnd();
    client.end();
    assertViolation("before the response head");
  }

  @Test
  void noticesAnInvalidStatus() {
    exchange.responseStarted(103);
    client.end();
    assertViolation("status 103");
  }

  @Test
  void noticesANegativeCount() {
    exchange.requestBytes(-1);
    client.end();
    assertViolation("negative count of request bytes: -1");
  }

  @Test
  void noticesAScopeThatIsNotClosed() {
    Scope scope = exchange.activate();
    client.end();
    assertViolation("1 open scopes");
    scope.close();
    recorder.assertInvariants();
  }

  @Test
  void noticesCallsAfterTheEnd() {
    exchange.end();
    recorder.assertNoLateCalls();
    exchange.end();
    assertThatThrownBy(recorder::assertNoLateCalls)
        .isInstanceOf(AssertionError.class)
        .hasMessage("calls after the end of [exchange-1[started GET, end] ENDED]")
        .satisfies(
            error ->
                assertThat(error.getSuppressed())
                    .singleElement()
                    .satisfies(
                        call -> assertThat(call).hasMessage("exchange-1 had ended before: end")));
    client.end();
    client.established();
    assertThatThrownBy(recorder::assertNoLateCalls).hasMessageContaining("connection-1");
  }

  private void assertViolation(String message) {
    assertThatThrownBy(recorder::assertInvariants)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
  }
}
