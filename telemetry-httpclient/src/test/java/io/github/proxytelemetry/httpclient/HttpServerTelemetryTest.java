package io.github.proxytelemetry.httpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.RawClient;
import io.github.proxytelemetry.testing.RawMessage;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTelemetryTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
  private HttpServer server;

  @BeforeEach
  void startServer() throws Exception {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void installsNothing_whenOff() {
    HttpContext context = server.createContext("/", exchange -> {});
    HttpServerTelemetry.create(ProxyTelemetry.noop()).install(context);
    assertThat(context.getFilters()).isEmpty();
  }

  @Test
  void installsOnce() {
    HttpContext context = server.createContext("/", exchange -> {});
    HttpServerTelemetry telemetry = HttpServerTelemetry.create(recorder);
    telemetry.install(context);
    telemetry.install(context);
    assertThat(context.getFilters()).hasSize(1);
  }

  @Test
  void countsWhatAFilterOfTheHostWrites() throws Exception {
    RawMessage response =
        ask(
            exchange -> {
              exchange.setStreams(null, new DeflaterOutputStream(exchange.getResponseBody()));
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream body = exchange.getResponseBody()) {
                body.write("hello".getBytes(US_ASCII));
              }
            });
    assertThat(response.status()).isEqualTo(200);
    assertThat(reported().terminal()).isEqualTo(Terminal.ENDED);
    assertThat(reported().responseBytes()).isGreaterThan(5);
  }

  @Test
  void endsAnExchange_whoseHandlerClosesItWithoutItsStreams() throws Exception {
    RawMessage response =
        ask(
            exchange -> {
              HttpServerTelemetry.exchange(exchange).route("/a");
              exchange.sendResponseHeaders(200, 2);
              exchange.getResponseBody().write("ok".getBytes(US_ASCII));
              exchange.close();
            });
    assertThat(response.body()).isEqualTo("ok");
    assertThat(reported().terminal()).isEqualTo(Terminal.ENDED);
    assertThat(reported().responseBytes()).isEqualTo(2);
    assertThat(reported().route()).isEqualTo("/a");
  }

  @Test
  void blamesTheProxy_forALengthThatIsNotKept() throws Exception {
    HttpHandler tooShort =
        exchange -> {
          exchange.sendResponseHeaders(200, 10);
          exchange.getResponseBody().write("hello".getBytes(US_ASCII));
          exchange.getResponseBody().close();
        };
    try (RawClient client = client(tooShort)) {
      client.send(GET);
      client.awaitEnd();
    }
    assertThat(reported().blame()).hasToString("PROXY PROXY_INTERNAL_ERROR");
  }

  @Test
  void blamesTheProxy_forAnExchangeThatIsClosedWithoutAnAnswer() throws Exception {
    try (RawClient client = client(exchange -> exchange.close())) {
      client.send(GET);
      client.awaitEnd();
    }
    assertThat(reported().blame()).hasToString("PROXY PROXY_INTERNAL_ERROR");
    assertThat(reported().status()).isZero();
  }

  /** The server refuses the content, and answers 500 itself. */
  @Test
  void blamesTheProxy_forContentBeforeTheHead() throws Exception {
    try (RawClient client =
        client(exchange -> exchange.getResponseBody().write("hello".getBytes(US_ASCII)))) {
      client.send(GET);
      client.awaitEnd();
    }
    assertThat(reported().blame()).hasToString("PROXY PROXY_INTERNAL_ERROR");
  }

  /** The JDK's server takes the end of the stream for the end of the head. */
  @Test
  void reportsARequest_whoseHeadIsIncomplete() throws Exception {
    try (RawClient client = client(exchange -> exchange.sendResponseHeaders(204, -1))) {
      client.send("GET /a HTTP/1.1\r\nHost: orig");
      client.halfClose();
      assertThat(client.readResponse().status()).isEqualTo(204);
    }
    assertThat(reported().terminal()).isEqualTo(Terminal.ENDED);
  }

  /** A proxy that forwards an origin's headers passes the read-only lists of the JDK's client. */
  @Test
  void addsServerTiming_toAReadOnlyList() throws Exception {
    List<String> fromOrigin = List.of("db;dur=5");
    RawMessage response =
        ask(
            exchange -> {
              exchange.getResponseHeaders().put("Server-Timing", fromOrigin);
              exchange.sendResponseHeaders(204, -1);
            });
    assertThat(response.headers("Server-Timing"))
        .containsExactly("db;dur=5", RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    assertThat(reported().terminal()).isEqualTo(Terminal.ENDED);
  }

  /** The host may share a list between responses. */
  @Test
  void leavesTheListsOfTheHostAsTheyAre() throws Exception {
    List<String> shared = new ArrayList<>(List.of("db;dur=5"));
    ask(
        exchange -> {
          exchange.getResponseHeaders().put("Server-Timing", shared);
          exchange.sendResponseHeaders(204, -1);
        });
    assertThat(reported().terminal()).isEqualTo(Terminal.ENDED);
    assertThat(shared).containsExactly("db;dur=5");
  }

  private RawMessage ask(HttpHandler handler) throws Exception {
    try (RawClient client = client(handler)) {
      client.send(GET);
      return client.readResponse();
    }
  }

  private RawClient client(HttpHandler handler) throws Exception {
    HttpServerTelemetry.create(recorder).install(server.createContext("/", handler));
    return RawClient.connect(server.getAddress());
  }

  private RecordedExchange reported() {
    recorder.awaitUntil("an exchange", () -> !recorder.exchanges().isEmpty(), TIMEOUT);
    recorder.awaitIdle(TIMEOUT);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
    return recorder.exchanges().get(0);
  }
}
