package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final String ALLOWED =
      ", allowed are host:port, http://host:port and https://host:port, or empty for what"
          + " OTEL_EXPORTER_OTLP_ENDPOINT says";

  @ParameterizedTest
  @CsvSource({
    "collector:4317,         http://collector:4317,  http://collector:4317/v1/traces",
    "127.0.0.1:4317,         http://127.0.0.1:4317,  http://127.0.0.1:4317/v1/traces",
    "[::1]:4317,             http://[::1]:4317,      http://[::1]:4317/v1/traces",
    "http://collector:4317,  http://collector:4317,  http://collector:4317/v1/traces",
    "http://collector:4318/, http://collector:4318,  http://collector:4318/v1/traces",
    "https://collector,      https://collector,      https://collector/v1/traces",
    "https://c:1/in/traces,  https://c:1,            https://c:1/in/traces"
  })
  void readsHostsAndUrls(String given, String grpc, String http) {
    Endpoint endpoint = Endpoint.parse(given, name -> null);
    assertThat(endpoint.grpc()).isEqualTo(grpc);
    assertThat(endpoint.http("traces")).isEqualTo(http);
  }

  @Test
  void asksTheEnvironment_whereItIsEmpty() {
    Endpoint endpoint = Endpoint.parse(" ", name -> name.equals(Endpoint.VARIABLE) ? "c:1" : null);
    assertThat(endpoint.grpc()).isEqualTo("http://c:1");
  }

  @Test
  void namesTheVariable_whereItsValueIsWrong() {
    assertThatThrownBy(() -> Endpoint.parse("", name -> "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("OTEL_EXPORTER_OTLP_ENDPOINT: was \"c\"" + ALLOWED);
  }

  @Test
  void saysThatBothAreEmpty() {
    assertThatThrownBy(() -> Endpoint.parse("", name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("otlp endpoint: was empty, and so is OTEL_EXPORTER_OTLP_ENDPOINT" + ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector",
        "collector:0",
        "collector:70000",
        "a b:1",
        "unix:///x",
        "http://",
        ":1"
      })
  void rejectsWhatIsNone(String given) {
    assertThatThrownBy(() -> Endpoint.parse(given, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("otlp endpoint: was \"" + given + "\"" + ALLOWED);
  }

  @ParameterizedTest
  @CsvSource({
    "https://me:secret@c:1,      https://***@c:1",
    "me:secret@c:1,              ***@c:1",
    "https://me:se cret@c:1,     https://***@c:1",
    "https://me:se@secret@c:1,   https://***@c:1",
    "https://c:1?key=secret,     https://c:1?***",
    "https://c:1#secret,         https://c:1#***"
  })
  void neverShowsASecret(String given, String shown) {
    assertThatThrownBy(() -> Endpoint.parse(given, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("otlp endpoint: was \"" + shown + "\"" + ALLOWED)
        .hasNoCause();
  }

  @Test
  void rejectsAPathForGrpc() {
    OtlpOptions options = new OtlpOptions("http://c:1/x");
    assertThatThrownBy(() -> Endpoint.parse(options, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp endpoint: was \"http://c:1/x\", allowed is a path only with http() and for one"
                + " signal");
  }

  @Test
  void neverShowsAHeadersValue() {
    OtlpOptions options = new OtlpOptions("c:1");
    assertThatThrownBy(() -> options.header("x-key", "secret\r\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp header x-key: the value has a character that is not allowed, allowed are visible"
                + " ASCII, spaces and tabs");
  }
}
