package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.testing.NullArguments;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is a mistake of the host's that none of its users may notice. */
class NullsTest {
  private final HttpClient client = HttpClient.newHttpClient();

  static Stream<ProxyTelemetry> onAndOff() {
    return Stream.of(new RecordingProxyTelemetry(), ProxyTelemetry.noop());
  }

  @ParameterizedTest
  @MethodSource("onAndOff")
  void ofTheClient(ProxyTelemetry telemetry) {
    nulls(HttpClientTelemetry.class)
        .failsFast("create(ProxyTelemetry)")
        .failsFast("builder(ProxyTelemetry)")
        .failsFast("wrap(HttpClient)")
        .failsFast("wrap(SSLContext)")
        .check(() -> HttpClientTelemetry.create(telemetry));
  }

  @Test
  @SuppressWarnings("NullAway") // Hosts without a null checker pass null.
  void saysOnce_thatAnExchangeIsMissing() {
    List<String> lines = new ArrayList<>();
    Logger logger = Logger.getLogger(HttpClientTelemetry.class.getName());
    Filter before = logger.getFilter();
    logger.setFilter(line -> !lines.add(line.getMessage()));
    try {
      HttpClientTelemetry telemetry = HttpClientTelemetry.create(new RecordingProxyTelemetry());
      telemetry.wrap(client, null);
      telemetry.wrap(client, null);
    } finally {
      logger.setFilter(before);
    }
    assertThat(lines).singleElement().asString().contains("HttpServerTelemetry.exchange");
  }

  @Test
  void ofTheClientsBuilder() {
    nulls(HttpClientTelemetryBuilder.class)
        .failsFast("upstreams(Function)")
        .failsFast("unreadLimit(Duration)")
        .check(() -> HttpClientTelemetry.builder(ProxyTelemetry.noop()));
  }

  @ParameterizedTest
  @MethodSource("onAndOff")
  void ofTheServer(ProxyTelemetry telemetry) throws Exception {
    HttpServer server = HttpServer.create();
    nulls(HttpServerTelemetry.class)
        .value(HttpContext.class, () -> server.createContext("/" + System.nanoTime()))
        .failsFast("create(ProxyTelemetry)")
        .failsFast("install(HttpContext)")
        .check(() -> HttpServerTelemetry.create(telemetry));
  }

  @ParameterizedTest
  @MethodSource("onAndOff")
  void ofAServerWithoutAnAdapter(ProxyTelemetry telemetry) {
    nulls(ManualTelemetry.class)
        .failsFast("create(ProxyTelemetry)")
        .check(() -> ManualTelemetry.create(telemetry));
    nulls(ManualExchange.class).check(() -> ManualTelemetry.create(telemetry).start(() -> "GET"));
  }

  private NullArguments nulls(Class<?> type) {
    return NullArguments.of(type)
        .value(ProxyTelemetry.class, RecordingProxyTelemetry::new)
        .value(ExchangeObservation.class, () -> ProxyTelemetry.noop().startExchange(() -> "GET"))
        .value(HttpClient.class, () -> client)
        .value(SSLContext.class, client::sslContext)
        .value(RequestInfo.class, () -> () -> "GET")
        .value(InputStream.class, InputStream::nullInputStream)
        .value(OutputStream.class, OutputStream::nullOutputStream)
        .value(BiConsumer.class, () -> (name, value) -> {})
        .value(Function.class, Function::identity)
        .value(Duration.class, () -> Duration.ofMinutes(1))
        .value(Throwable.class, IllegalStateException::new);
  }
}
