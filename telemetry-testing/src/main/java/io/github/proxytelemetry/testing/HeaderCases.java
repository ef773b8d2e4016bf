package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What telemetry does to headers, and what it leaves alone. */
abstract class HeaderCases extends AdapterCases {
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String TRACED_GET =
      "GET /a?b=c HTTP/1.1\r\nHost: origin.test\r\nX-Odd: a,  b\r\ntraceparent: "
          + TRACEPARENT
          + "\r\n\r\n";
  private static final String TIMED_OK =
      "HTTP/1.1 200 OK\r\nServer-Timing: db;dur=5\r\nX-Odd: a,  b\r\n"
          + "Content-Length: 2\r\n\r\nok";

  HeaderCases(ProxyAdapterContract contract) {
    super(contract);
  }

  @Test
  void addsServerTiming_toWhatTheOriginSent() throws Exception {
    origin().onRequest(OriginScript.respond(TIMED_OK));
    RawMessage response = exchange(client());
    settle(1);
    Stream<String> members =
        response.headers("server-timing").stream()
            .flatMap(value -> Stream.of(value.split(",", -1)).map(String::strip));
    assertThat(members).containsExactly("db;dur=5", RecordingProxyTelemetry.SERVER_TIMING_VALUE);
  }

  @Test
  void sendsOneTraceparent_thatOfTheAttempt() throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    exchange(client);
    exchange(client);
    settle(2);
    for (int i = 0; i < 2; i++) {
      assertThat(origin().requests().get(i).headers("traceparent"))
          .containsExactly(attempt(i).traceparent());
    }
  }

  @Test
  void changesNothing_whenTelemetryIsOff() throws Exception {
    origin().onRequest(OriginScript.respond(TIMED_OK));
    origin().onRequest(OriginScript.respond(TIMED_OK));
    RawMessage withoutTelemetry = exchange(client(ProxyTelemetry.noop(), settings()));
    RawMessage withTelemetry = exchange(client());
    RawMessage untouched = origin().requests().get(0);
    RawMessage traced = origin().requests().get(1);
    assertThat(untouched.headers("traceparent")).containsExactly(TRACEPARENT);
    assertThat(withoutTelemetry.headers("server-timing")).containsExactly("db;dur=5");
    assertThat(untouched.startLine()).isEqualTo(traced.startLine());
    assertThat(without("traceparent", untouched))
        .containsExactlyInAnyOrderElementsOf(without("traceparent", traced));
    assertThat(without("server-timing", withoutTelemetry))
        .containsExactlyInAnyOrderElementsOf(without("server-timing", withTelemetry));
    assertThat(recorder.exchanges()).hasSize(1);
  }

  @Test
  void sendsOneTraceparent_inPlaceOfTwo() throws Exception {
    assertReplaced("traceparent: " + TRACEPARENT, "Traceparent: " + TRACEPARENT);
  }

  @Test
  void sendsOneTraceparent_inPlaceOfAMalformedOne() throws Exception {
    assertReplaced("traceparent: 00-not-a-traceparent");
  }

  @Test
  void sendsOneTraceparent_inPlaceOfAnAllZeroOne() throws Exception {
    assertReplaced("traceparent: 00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-00");
  }

  @Test
  void sendsOneTraceparent_besideAnOversizeTracestate() throws Exception {
    assertReplaced("traceparent: " + TRACEPARENT, "tracestate: a=" + "b".repeat(4000));
  }

  private void assertReplaced(String... headers) throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    client.send(lines("GET /a HTTP/1.1", "Host: origin.test", String.join("\r\n", headers), ""));
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(1);
    assertServed(0, "GET", 200);
    assertThat(origin().requests().get(0).headers("traceparent"))
        .containsExactly(attempt(0).traceparent());
  }

  @Test
  void keepsEveryEntry_ofServerTiming() throws Exception {
    for (int i = 0; i < 2; i++) {
      origin()
          .onRequest(
              OriginScript.respond(
                  lines(
                          "HTTP/1.1 200 OK",
                          "Server-Timing: db;dur=5, cache;desc=\"a, b\"",
                          "Server-Timing: app",
                          "Content-Length: 2",
                          "",
                          "ok")
                      .stripTrailing()));
    }
    RawClient client = client();
    for (int i = 0; i < 2; i++) {
      String all = String.join(", ", exchange(client).headers("server-timing"));
      assertThat(all)
          .isEqualTo(
              "db;dur=5, cache;desc=\"a, b\", app, " + RecordingProxyTelemetry.SERVER_TIMING_VALUE);
    }
    settle(2);
  }

  private static RawMessage exchange(RawClient client) throws Exception {
    client.send(TRACED_GET);
    RawMessage response = client.readResponse();
    assertThat(response.body()).isEqualTo("ok");
    return response;
  }

  /** Without the clock's header, too. */
  private static List<String> without(String header, RawMessage message) {
    return message.headerLines().stream()
        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith(header + ":"))
        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("date:"))
        .toList();
  }
}
