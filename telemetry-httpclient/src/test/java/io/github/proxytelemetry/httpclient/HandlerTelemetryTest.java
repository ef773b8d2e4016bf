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

class HandlerTelemetryTest {
  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private final HandlerTelemetry telemetry = HandlerTelemetry.create(recorder);

  @AfterEach
  void nothingIsOpen() {
    recorder.assertInvariants();
  }

  @Test
  void tellsAnExchangeFromItsStreams() throws Exception {
    List<String> headers = new ArrayList<>();
    HandledExchange exchange = telemetry.start(() -> "POST");
    try (InputStream in =
        exchange.requestBody(new ByteArrayInputStream("abc".getBytes(US_ASCII)))) {
      in.readAllBytes();
    }
    exchange.responseStarted(200, (name, value) -> headers.add(name + ": " + value));
    try (OutputStream out = exchange.responseBody(new ByteArrayOutputStream())) {
      out.write("ok".getBytes(US_ASCII));
      out.write('!');
    }
    exchange.end();
    RecordedExchange told = recorder.exchanges().get(0);
    assertThat(told.events())
        .containsExactly("started POST", "requestEnd", "responseStarted 200", "responseEnd");
    assertThat(told.requestBytes()).isEqualTo(3);
    assertThat(told.responseBytes()).isEqualTo(3);
    assertThat(told.terminal()).isEqualTo(Terminal.ENDED);
    assertThat(headers)
        .containsExactly("Server-Timing: " + RecordingProxyTelemetry.SERVER_TIMING_VALUE);
  }

  @Test
  void blamesTheClient_whoseBodyCannotBeWritten() throws Exception {
    HandledExchange exchange = telemetry.start(() -> "GET");
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("gone");
          }
        };
    try (OutputStream out = exchange.responseBody(gone)) {
      assertThatThrownBy(() -> out.write(1)).hasMessage("gone");
    }
    exchange.failed(new IOException("gone"));
    assertThat(recorder.exchanges().get(0).blame()).hasToString("DOWNSTREAM CLIENT_ABORT");
  }

  @Test
  void blamesTheClient_whoseBodyCannotBeRead() throws Exception {
    HandledExchange exchange = telemetry.start(() -> "POST");
    InputStream gone =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException("gone");
          }
        };
    try (InputStream in = exchange.requestBody(gone)) {
      assertThatThrownBy(() -> in.read()).hasMessage("gone");
    }
    exchange.failed(new IllegalStateException("no answer"));
    assertThat(recorder.exchanges().get(0).blame()).hasToString("DOWNSTREAM CLIENT_ABORT");
  }

  @Test
  void givesStreamsBack_whenOff() {
    HandledExchange exchange = HandlerTelemetry.create(ProxyTelemetry.noop()).start(() -> "GET");
    InputStream in = InputStream.nullInputStream();
    OutputStream out = OutputStream.nullOutputStream();
    assertThat(exchange.requestBody(in)).isSameAs(in);
    assertThat(exchange.responseBody(out)).isSameAs(out);
  }
}
