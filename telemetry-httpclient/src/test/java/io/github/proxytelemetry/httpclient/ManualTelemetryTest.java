package io.github.proxytelemetry.httpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ManualTelemetryTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final ManualTelemetry telemetry = ManualTelemetry.create(recorder);

  @AfterEach
  void nothingIsOpen() {
    recorder.assertInvariants();
  }

  @Test
  void reportsAnExchangeFromItsStreams() throws Exception {
    List<String> headers = new ArrayList<>();
    ManualExchange exchange = telemetry.start(() -> "POST");
    try (InputStream in =
        exchange.wrapRequestBody(new ByteArrayInputStream("abc".getBytes(US_ASCII)))) {
      in.readAllBytes();
    }
    exchange.responseStarted(200, (name, value) -> headers.add(name + ": " + value));
    try (OutputStream out = exchange.wrapResponseBody(new ByteArrayOutputStream())) {
      out.write("ok".getBytes(US_ASCII));
      out.write('!');
    }
    exchange.end();
    RecordedExchange recorded = recorder.exchanges().get(0);
    assertThat(recorded.events())
        .containsExactly("started POST", "requestEnd", "responseStarted 200", "responseEnd");
    assertThat(recorded.requestBytes()).isEqualTo(3);
    assertThat(recorded.responseBytes()).isEqualTo(3);
    assertThat(recorded.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(headers)
        .containsExactly("Server-Timing: " + RecordingProxyTelemetry.SERVER_TIMING_VALUE);
  }

  @Test
  void blamesTheClient_whoseBodyCannotBeWritten() throws Exception {
    ManualExchange exchange = telemetry.start(() -> "GET");
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("gone");
          }
        };
    try (OutputStream out = exchange.wrapResponseBody(gone)) {
      assertThatThrownBy(() -> out.write(1)).hasMessage("gone");
    }
    exchange.fail(new IOException("gone"));
    exchange.end();
    RecordedExchange recorded = recorder.exchanges().get(0);
    assertThat(recorded.blame()).hasToString("DOWNSTREAM CLIENT_ABORT");
    assertThat(recorded.repeatedTerminals()).isZero();
    assertThat(recorded.lateCalls()).isZero();
  }

  @Test
  void blamesTheClient_whoseBodyCannotBeRead() throws Exception {
    ManualExchange exchange = telemetry.start(() -> "POST");
    try (InputStream in = exchange.wrapRequestBody(gone())) {
      assertThatThrownBy(() -> in.read()).hasMessage("gone");
    }
    exchange.fail(new IllegalStateException("no answer"));
    assertThat(recorder.exchanges().get(0).blame()).hasToString("DOWNSTREAM CLIENT_ABORT");
  }

  /** As where one thread still forwards the upload that another one has answered. */
  @Test
  void reportsNothingAfterTheEnd_thatIsReadOrWritten() throws Exception {
    ManualExchange exchange = telemetry.start(() -> "POST");
    InputStream in = exchange.wrapRequestBody(new ByteArrayInputStream(new byte[3]));
    InputStream gone = exchange.wrapRequestBody(gone());
    OutputStream out = exchange.wrapResponseBody(new ByteArrayOutputStream());
    exchange.fail(new IOException("late"));
    assertThat(in.read()).isZero();
    assertThat(in.skip(1)).isOne();
    assertThat(in.readAllBytes()).hasSize(1);
    assertThatThrownBy(() -> gone.read()).hasMessage("gone");
    exchange.responseStarted(200, (name, value) -> {});
    out.write(1);
    out.close();
    recorder.assertNoLateCalls();
  }

  @Test
  @SuppressWarnings("NullAway")
  void ignoresNull_atRunTime() {
    telemetry.start(null).end();
    assertThat(recorder.exchanges()).isEmpty();
    ManualExchange exchange = telemetry.start(() -> "GET");
    assertThat(exchange.wrapRequestBody(null)).isNull();
    assertThat(exchange.wrapResponseBody(null)).isNull();
    exchange.responseStarted(200, null);
    exchange.fail(null);
    assertThat(recorder.exchanges().get(0).status()).isEqualTo(200);
    assertThat(recorder.exchanges().get(0).blame()).hasToString("PROXY PROXY_INTERNAL_ERROR");
  }

  /** A server may reject headers, for instance on a committed response. */
  @ParameterizedTest
  @MethodSource("io.github.proxytelemetry.httpclient.HostMistakes#all")
  void ignoresAHeader_thatTheServerRejects(Throwable mistake) throws IOException {
    ManualExchange exchange = telemetry.start(() -> "GET");
    exchange.responseStarted(200, (name, value) -> HostMistakes.fail(mistake));
    try (OutputStream body = exchange.wrapResponseBody(OutputStream.nullOutputStream())) {
      body.write(new byte[5]);
    }
    assertThat(recorder.exchanges()).hasSize(1);
    assertThat(recorder.exchanges().get(0).status()).isEqualTo(200);
    assertThat(recorder.exchanges().get(0).responseBytes()).isEqualTo(5);
    assertThat(recorder.exchanges().get(0).terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void givesStreamsBack_whenOff() {
    ManualExchange exchange = ManualTelemetry.create(ProxyTelemetry.noop()).start(() -> "GET");
    InputStream in = InputStream.nullInputStream();
    OutputStream out = OutputStream.nullOutputStream();
    assertThat(exchange.wrapRequestBody(in)).isSameAs(in);
    assertThat(exchange.wrapResponseBody(out)).isSameAs(out);
  }

  private static InputStream gone() {
    return new FilterInputStream(InputStream.nullInputStream()) {
      @Override
      public int read() throws IOException {
        throw new IOException("gone");
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        throw new IOException("gone");
      }
    };
  }
}
