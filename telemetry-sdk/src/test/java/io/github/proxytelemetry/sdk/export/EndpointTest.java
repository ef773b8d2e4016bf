package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final String EXPECTED =
      "; expected host:port, http://host:port or https://host:port, or empty for the value of"
          + " OTEL_EXPORTER_OTLP_ENDPOINT";

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
    Endpoint endpoint = parse(given, name -> null);
    assertThat(endpoint.grpc()).isEqualTo(grpc);
    assertThat(endpoint.http("traces")).isEqualTo(http);
  }

  @Test
  void asksTheEnvironment_whereItIsEmpty() {
    Endpoint endpoint = parse(" ", name -> name.equals(Endpoint.VARIABLE) ? "c:1" : null);
    assertThat(endpoint.grpc()).isEqualTo("http://c:1");
  }

  @Test
  void namesTheVariable_whereItsValueIsWrong() {
    assertThatThrownBy(() -> parse("", name -> "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("OTEL_EXPORTER_OTLP_ENDPOINT: invalid value \"c\"" + EXPECTED);
  }

  @Test
  void reportsThatBothAreEmpty() {
    assertThatThrownBy(() -> parse("", name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp endpoint: invalid value \"\", and OTEL_EXPORTER_OTLP_ENDPOINT is empty"
                + EXPECTED);
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
    assertThatThrownBy(() -> parse(given, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("otlp endpoint: invalid value \"" + given + "\"" + EXPECTED);
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
    assertThatThrownBy(() -> parse(given, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("otlp endpoint: invalid value \"" + shown + "\"" + EXPECTED)
        .hasNoCause();
  }

  @Test
  void rejectsAPathForGrpc() {
    OtlpSpec options = new OtlpSpec("http://c:1/x");
    assertThatThrownBy(() -> Endpoint.parse(options, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp endpoint: invalid value \"http://c:1/x\"; expected a path only with http() and for one"
                + " signal");
  }

  @Test
  void neverShowsAHeadersValue() {
    OtlpSpec options = new OtlpSpec("c:1");
    assertThatThrownBy(() -> options.header("x-key", "secret\r\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp header x-key: invalid value ***; expected visible" + " ASCII, spaces and tabs");
  }

  private static Endpoint parse(String endpoint, UnaryOperator<@Nullable String> environment) {
    OtlpSpec spec = new OtlpSpec(endpoint);
    spec.http = true;
    spec.metrics = false;
    return Endpoint.parse(spec, environment);
  }
}
