package io.github.proxytelemetry.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testing.OriginScript;
import io.github.proxytelemetry.testing.ScriptedOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user with curl sees, and what Prometheus sees of it. */
@RequiresProgram("curl")
class GatewayTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private ScriptedOrigin users;
  private ScriptedOrigin orders;
  private OtlpHttpReceiver collector;
  private ProxyTelemetrySdk telemetry;
  private Gateway gateway;

  @BeforeEach
  void start() throws Exception {
    users = ScriptedOrigin.start();
    orders = ScriptedOrigin.start();
    collector = OtlpHttpReceiver.start();
    telemetry = Main.telemetry(0).otlp(collector.endpoint(), otlp -> otlp.http()).build();
    gateway =
        new Gateway(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            url(users),
            url(orders),
            telemetry);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    telemetry.close(LIMIT);
    users.close();
    orders.close();
    collector.close();
  }

  @Test
  void answersWithBothOrigins_andShowsEachLayer() throws Exception {
    users.onRequest(json("{\"name\":\"Ada\"}"));
    orders.onRequest(json("[1,2]"));
    String output = curl("/profile/7");
    assertThat(output)
        .startsWith("HTTP/1.1 200")
        .containsPattern("(?mi)^server-timing: proxy;dur=[0-9.]+")
        .containsIgnoringCase("x-complete: true")
        .endsWith("{\"user\":{\"name\":\"Ada\"},\"orders\":[1,2]}");
    assertThat(users.requests().get(0).startLine()).isEqualTo("GET /users/7 HTTP/1.1");
    assertThat(orders.requests().get(0).startLine()).isEqualTo("GET /orders?user=7 HTTP/1.1");
    assertThat(users.requests().get(0).headers("traceparent")).hasSize(1);
    assertThat(orders.requests().get(0).headers("traceparent"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(users.requests().get(0).headers("traceparent"));
    Scrape scrape = settled();
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(1);
    assertThat(scrape.sum("privacy_proxy_proxy_duration_seconds_count")).isEqualTo(1);
    assertThat(scrape.sum("privacy_proxy_upstream_duration_seconds_count")).isEqualTo(2);
    assertThat(scrape.text()).contains("route=\"/profile/{id}\"");
    assertThat(scrape.text()).doesNotContain("/profile/7");
    telemetry.flush(LIMIT);
    collector.received().await(LIMIT, received -> count(received.spans(), "CLIENT") == 2);
    List<ReceivedSpan> spans = collector.received().spans();
    assertThat(count(spans, "SERVER")).isOne();
    assertThat(spans).extracting(ReceivedSpan::traceId).containsOnly(spans.get(0).traceId());
  }

  @Test
  void answersWithoutOrders_whenTheirOriginFails() throws Exception {
    users.onRequest(json("{\"name\":\"Ada\"}"));
    orders.onRequest(OriginScript.respond("this is not http\r\n\r\n"));
    assertThat(curl("/profile/7"))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("x-complete: false")
        .endsWith("{\"user\":{\"name\":\"Ada\"},\"orders\":null}");
    assertThat(settled().text())
        .containsPattern(
            "errors_total\\{error=\"http_protocol_error\",side=\"upstream\",upstream=\"orders\"} 1.0");
  }

  @Test
  void givesOrdersUp_whenThereIsNoUser() throws Exception {
    users.onRequest(OriginScript.respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    orders.onRequest(
        connection -> {
          connection.readRequest();
          connection.awaitEnd();
        });
    assertThat(curl("/profile/7")).startsWith("HTTP/1.1 502");
    assertThat(settled().sum("privacy_proxy_requests_by_status")).isEqualTo(1);
  }

  @Test
  void takesNoSwitchOfProtocols_forAnAnswer() throws Exception {
    OriginScript switching =
        connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
          connection.awaitEnd();
        };
    users.onRequest(switching);
    orders.onRequest(switching);
    assertThat(curl("/profile/7")).startsWith("HTTP/1.1 502");
    assertThat(settled().sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    // Neither connection is used again.
    users.onRequest(json("{}"));
    orders.onRequest(json("[]"));
    assertThat(curl("/profile/7")).startsWith("HTTP/1.1 200");
  }

  @Test
  void asksNobody_forWhatIsNoProfile() throws Exception {
    assertThat(curl("/profile/../secret")).startsWith("HTTP/1.1 404");
    assertThat(users.requests()).isEmpty();
    assertThat(orders.requests()).isEmpty();
  }

  private static long count(List<ReceivedSpan> spans, String kind) {
    return spans.stream().filter(span -> span.kind().toString().endsWith(kind)).count();
  }

  /** When nothing is in progress any more. */
  private Scrape settled() throws Exception {
    return Scrape.await(
        telemetry.prometheusAddress("prometheus"),
        LIMIT,
        scrape ->
            scrape.sum("privacy_proxy_requests_total") > 0
                && scrape.sum("privacy_proxy_requests_in_progress") == 0
                && scrape.sum("privacy_proxy_attempts_total") == 2);
  }

  private String curl(String path) throws Exception {
    Program curl =
        Program.run(
            List.of(
                "curl",
                "--silent",
                "--path-as-is",
                "--max-time",
                "20",
                "--dump-header",
                "-",
                "http://127.0.0.1:" + gateway.address().getPort() + path));
    assertThat(curl.exitCode()).as(curl.output()).isZero();
    return curl.output();
  }

  private static OriginScript json(String body) {
    return OriginScript.respond(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static URI url(ScriptedOrigin origin) {
    return URI.create("http://127.0.0.1:" + origin.address().getPort());
  }
}
