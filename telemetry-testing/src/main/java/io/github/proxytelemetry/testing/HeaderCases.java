package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Headers that telemetry changes, and those that it must not change. */
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

  private static final Pattern OURS =
      Pattern.compile("(?im)^(traceparent|server-timing|date):.*\r\n");

  HeaderCases(AdapterUnderTest adapter) {
    super(adapter);
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
    for (int i = 0; i < 4; i++) {
      origin().onRequest(OriginScript.respond(i % 2 == 0 ? TIMED_OK : OK));
    }
    RawClient off = client(ProxyTelemetry.noop(), settings());
    RawMessage withoutTelemetry = exchange(off);
    assertThat(withoutTelemetry.headers("server-timing")).containsExactly("db;dur=5");
    off.send(GET);
    assertThat(off.readResponse().headers("server-timing")).isEmpty();
    int dialledOff = origin().connections();
    RawClient on = client();
    exchange(on);
    on.send(GET);
    assertThat(on.readResponse().body()).isEqualTo("ok");
    assertThat(origin().requests().get(0).headers("traceparent")).containsExactly(TRACEPARENT);
    assertThat(origin().requests().get(1).headers("traceparent")).isEmpty();
    assertThat(recorder.exchanges()).hasSize(2);
    assertThat(withoutOurs(off.firstReceived())).isEqualTo(withoutOurs(on.firstReceived()));
    // Proxies may keep their connections open, so this compares the bytes read so far.
    origin().awaitRequests(4);
    List<String> upstream = origin().accepted().stream().map(RawSocket::firstReceived).toList();
    assertThat(withoutOurs(String.join("", upstream.subList(0, dialledOff))))
        .isEqualTo(withoutOurs(String.join("", upstream.subList(dialledOff, upstream.size()))));
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

  /** Cases of the W3C's test suite: a back end needs every line, and empty ones are allowed. */
  @Test
  void showsEveryLineOfATracestate_emptyAndRepeatedOnesToo() throws Exception {
    assertTraceStateShown("tracestate: foo=1", "tracestate: ");
    assertTraceStateShown("tracestate: ", "tracestate: foo=1");
    assertTraceStateShown("tracestate: foo=1,", "tracestate: bar=2");
    assertTraceStateShown("tracestate: foo=1,,bar=2", "tracestate: foo=3");
    assertTraceStateShown("TraceState: foo=1,foo=1");
  }

  private void assertTraceStateShown(String... lines) throws Exception {
    int before = recorder.exchanges().size();
    assertReplaced(before, "traceparent: " + TRACEPARENT, String.join("\r\n", lines));
    String sent =
        Stream.of(lines)
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .collect(Collectors.joining(","));
    assertThat(String.join(",", exchange(before).traceState())).isEqualTo(sent);
    assertThat(String.join(",", origin().requests().get(before).headers("tracestate")))
        .as("what the origin gets")
        .isEqualTo(sent);
  }

  private void assertReplaced(String... headers) throws Exception {
    assertReplaced(0, headers);
  }

  private void assertReplaced(int index, String... headers) throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    RawClient client = client();
    client.send(lines("GET /a HTTP/1.1", "Host: origin.test", String.join("\r\n", headers), ""));
    assertThat(client.readResponse().body()).isEqualTo("ok");
    settle(index + 1);
    assertServed(index, "GET", 200);
    assertThat(origin().requests().get(index).headers("traceparent"))
        .containsExactly(attempt(index).traceparent());
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

  /**
   * Returns the bytes on the wire without the headers that telemetry changes, the date, and the
   * proxy's port.
   */
  static String withoutOurs(String wire) {
    return OURS.matcher(wire).replaceAll("").replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1");
  }
}
