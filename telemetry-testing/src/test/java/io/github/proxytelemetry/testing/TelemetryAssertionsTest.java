package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.testing.TelemetryAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.Upstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RecordingExtension.class)
class TelemetryAssertionsTest {
  @Test
  void describesAnExchange(RecordingProxyTelemetry recorded) {
    answer(recorded);

    assertThat(recorded)
        .hasExchanges(1)
        .hasNoTunnels()
        .exchange(0)
        .hasMethod("GET")
        .hasRoute("/users/{id}")
        .hasStatus(200)
        .hasResponseBytes(7)
        .hasRequestBytes(0)
        .hasNoError()
        .hasAttempts(2)
        .attempt(1)
        .hasUpstream("users")
        .hasStatus(200)
        .hasNoError()
        .reusedItsConnection();
    assertThat(recorded.attempts().get(0)).hasError(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED);
  }

  @Test
  void describesATunnel(RecordingProxyTelemetry recorded) {
    recorded.startExchange(new Request("CONNECT")).startTunnel(TunnelKind.CONNECT).end();

    assertThat(recorded).exchange(0).becameTunnel(TunnelKind.CONNECT).hasNoAttempts();
  }

  @Test
  void namesWhatDiffers(RecordingProxyTelemetry recorded) {
    answer(recorded);

    assertThatThrownBy(() -> assertThat(recorded).exchange(0).hasStatus(404))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Expected status 404, but found 200")
        .hasMessageContaining("responseStarted 200");
    assertThatThrownBy(() -> assertThat(recorded).exchange(0).hasNoAttempts())
        .hasMessageContaining("Expected number of attempts 0, but found 2");
    assertThatThrownBy(() -> assertThat(recorded).hasExchanges(0))
        .hasMessageContaining("Expected 0 exchanges");
    assertThatThrownBy(
            () -> assertThat(recorded).exchange(0).hasError(Side.PROXY, ProxyError.CLIENT_ABORT))
        .hasMessageContaining("Expected side");
    assertThatThrownBy(() -> assertThat(recorded).exchange(0).attempt(2))
        .hasMessageContaining("Expected attempt 2");
  }

  private static void answer(RecordingProxyTelemetry recorded) {
    ExchangeObservation exchange = recorded.startExchange(new Request("GET"));
    exchange.route("/users/{id}");
    Upstream users = Upstream.named("users", "10.0.0.7", 8080);
    exchange.startAttempt(users).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation second = exchange.startAttempt(users);
    second.connectionAcquired(true);
    second.responseStarted(200);
    second.end();
    exchange.requestEnd();
    exchange.responseStarted(200);
    exchange.responseBytes(7);
    exchange.end();
  }

  private record Request(String method) implements RequestInfo {
    @Override
    public @Nullable String path() {
      return "/users/7";
    }
  }
}
