package io.github.proxytelemetry.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.Terminal;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow.Publisher;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpClientTelemetryTest extends OriginFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final HttpClient plain =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

  @Test
  void returnsItsArguments_whenOff() throws Exception {
    HttpClientTelemetry off = HttpClientTelemetry.create(ProxyTelemetry.noop());
    SSLContext context = SSLContext.getDefault();
    assertThat(off.wrap(plain)).isSameAs(plain);
    assertThat(off.wrap(plain, ProxyTelemetry.noop().startExchange(() -> "GET"))).isSameAs(plain);
    assertThat(off.wrap(context)).isSameAs(context);
  }

  @Test
  void reportsACallOfTheHostItself_asAnAttemptWithoutExchange() throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    HttpClient client =
        HttpClientTelemetry.builder(recorder)
            .upstreams(uri -> Upstream.named("billing", uri.getHost(), uri.getPort()))
            .build()
            .wrap(plain);
    HttpRequest request =
        request("/a?b=c")
            .header("traceparent", "mine")
            .POST(BodyPublishers.ofString("abc"))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("ok");
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.exchange()).isNull();
    assertThat(attempt.upstream().name()).isEqualTo("billing");
    assertThat(attempt.method()).isEqualTo("POST");
    assertThat(attempt.path()).isEqualTo("/a?b=c");
    assertThat(attempt.events())
        .containsExactly(
            "started",
            "inject",
            "requestStarted",
            "requestEnd",
            "responseStarted 200",
            "responseEnd");
    assertThat(attempt.requestBytes()).isEqualTo(3);
    assertThat(attempt.responseBytes()).isEqualTo(2);
    assertThat(attempt.dials()).as("not exposed by the JDK").isEmpty();
    assertThat(attempt.connectionAcquired()).as("not exposed by the JDK").isFalse();
    assertThat(origin.requests().get(0).headers("traceparent"))
        .containsExactly(attempt.traceparent());
  }

  @Test
  void reportsOneAttempt_ofAClientThatIsWrappedTwice() throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    ExchangeObservation exchange = recorder.startExchange(() -> "GET");
    telemetry
        .wrap(telemetry.wrap(plain), exchange)
        .send(request("/").build(), BodyHandlers.discarding());
    exchange.end();
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).exchange()).isSameAs(recorder.exchanges().get(0));
    assertThat(origin.requests().get(0).headers("traceparent")).hasSize(1);
  }

  @Test
  @SuppressWarnings("NullAway")
  void ignoresANullExchange_atRunTime() throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    HttpResponse<String> response =
        telemetry.wrap(plain, null).send(request("/").build(), BodyHandlers.ofString());
    assertThat(response.body()).isEqualTo("ok");
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).exchange()).isNull();
    assertThat(HttpServerTelemetry.exchange(null)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("io.github.proxytelemetry.httpclient.HostMistakes#all")
  void sendsTheRequest_whenNamingItsUpstreamThrows(Throwable mistake) throws Exception {
    origin.onRequest(OriginScript.respond(OK));
    HttpClient client =
        HttpClientTelemetry.builder(recorder)
            .upstreams(uri -> HostMistakes.fail(mistake))
            .build()
            .wrap(plain);
    HttpResponse<String> response = client.send(request("/").build(), BodyHandlers.ofString());
    assertThat(response.body()).isEqualTo("ok");
    assertThat(recorder.attempts()).hasSize(1);
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.upstream()).isEqualTo(Upstream.of("127.0.0.1", origin.address().getPort()));
    assertThat(attempt.status()).isEqualTo(200);
    assertThat(attempt.responseBytes()).isEqualTo(2);
    assertThat(attempt.terminal()).isEqualTo(Terminal.ENDED);
  }

  @Test
  void reportsThatARequestIsSentAgain() throws Exception {
    origin.onRequest(
        OriginScript.respond("HTTP/1.1 307 There\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"));
    origin.onRequest(OriginScript.respond(OK));
    telemetry
        .wrap(plain)
        .send(request("/").POST(BodyPublishers.ofString("abc")).build(), BodyHandlers.discarding());
    RecordedAttempt attempt = recorder.attempts().get(0);
    assertThat(attempt.events()).filteredOn(event -> event.equals("requestStarted")).hasSize(2);
    assertThat(attempt.requestBytes()).isEqualTo(6);
    assertThat(attempt.status()).isEqualTo(200);
  }

  @Test
  void reportsOneAttempt_whenTheJdkRepeatsARequest() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.close();
        });
    origin.onRequest(OriginScript.respond(OK));
    assertThat(
            telemetry.wrap(plain).send(request("/").build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(recorder.attempts()).hasSize(1);
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.ENDED);
    assertThat(origin.requests())
        .hasSize(2)
        .allSatisfy(
            request ->
                assertThat(request.headers("traceparent"))
                    .containsExactly(recorder.attempts().get(0).traceparent()));
  }

  @Test
  void reportsAResponseThatIsClosedEarly_asCancelled() throws Exception {
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
          connection.awaitEnd();
        });
    HttpResponse<InputStream> response =
        telemetry.wrap(plain).send(request("/").build(), BodyHandlers.ofInputStream());
    response.body().readNBytes(5);
    response.body().close();
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.CANCELLED);
    assertThat(recorder.attempts().get(0).responseBytes()).isEqualTo(5);
  }

  @Test
  void reportsAnUnreadBody_asCancelled() throws Exception {
    HttpClient client =
        HttpClientTelemetry.builder(recorder).unreadLimit(Duration.ofMillis(1)).build().wrap(plain);
    origin.onRequest(
        connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
          connection.awaitEnd();
        });
    HttpResponse<Publisher<List<ByteBuffer>>> forgotten =
        client.send(request("/").build(), BodyHandlers.ofPublisher());
    assertThat(forgotten.statusCode()).isEqualTo(200);
    recorder.awaitIdle(TIMEOUT);
    assertThat(recorder.attempts().get(0).terminal()).isEqualTo(Terminal.CANCELLED);
  }

  @Test
  void rejectsAnUnreadLimitOfZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpClientTelemetry.builder(recorder).unreadLimit(Duration.ZERO))
        .withMessageContaining("PT0S");
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(uri("http", target)).version(HttpClient.Version.HTTP_1_1);
  }
}
