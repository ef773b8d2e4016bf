package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Traffic with a back end that throws in every call, compared with traffic without telemetry. What
 * it throws reaches neither the host nor its client.
 */
abstract class BrokenBackEndCases extends AdapterCases {
  private static final String CHUNKED =
      lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "2", "ok", "0", "");

  BrokenBackEndCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @Test
  void servesRequests_asWithoutTelemetry() throws Exception {
    String off = requests(ProxyTelemetry.noop());
    int dialled = origin().connections();
    assertThat(requests(BrokenTelemetry.create())).isEqualTo(off);
    assertThat(arrived(dialled, origin().connections())).isEqualTo(arrived(0, dialled));
  }

  @Test
  void servesStreams_asWithoutTelemetry() throws Exception {
    needs(Capability.HTTP2);
    String off = stream(ProxyTelemetry.noop());
    assertThat(stream(BrokenTelemetry.create())).isEqualTo(off);
  }

  @Test
  void relaysTunnels_asWithoutTelemetry() throws Exception {
    needs(Capability.CONNECT);
    String off = tunnel(ProxyTelemetry.noop());
    assertThat(tunnel(BrokenTelemetry.create())).isEqualTo(off).contains("hello");
  }

  /** Everything that a client reads in answer to a few requests. */
  private String requests(ProxyTelemetry telemetry) throws Exception {
    origin().onRequest(OriginScript.respond(OK)).onRequest(OriginScript.respond(CHUNKED));
    RawClient client = client(telemetry, settings());
    client.send(GET);
    assertThat(client.readResponse().body()).isEqualTo("ok");
    client.send(
        lines("POST /b HTTP/1.1", "Host: origin.test", "Content-Length: 5", "", "hello")
            .stripTrailing());
    assertThat(client.readResponse("POST").body()).isEqualTo("ok");
    String received = HeaderCases.withoutOurs(client.firstReceived());
    client.close();
    closeProxies();
    return received;
  }

  private String stream(ProxyTelemetry telemetry) throws Exception {
    origin().onRequest(OriginScript.respond(OK));
    RawHttp2 client = RawHttp2.client(client(telemetry, settings()));
    client.get(1, "/a");
    RawStream stream = client.awaitEnd(1);
    assertThat(stream.content()).isEqualTo("ok");
    return stream.withoutOurs();
  }

  private String tunnel(ProxyTelemetry telemetry) throws Exception {
    origin().onAccept(ScriptedOrigin.Connection::echo);
    RawClient client = client(telemetry, settings());
    String authority = "127.0.0.1:" + origin().address().getPort();
    client.send(lines("CONNECT " + authority + " HTTP/1.1", "Host: " + authority, ""));
    assertThat(client.readHead().status()).isEqualTo(200);
    client.send("hello");
    client.readBytes(5);
    return HeaderCases.withoutOurs(client.firstReceived());
  }

  /** What the origin received on some of its connections. */
  private String arrived(int from, int to) {
    List<String> received =
        origin().accepted().subList(from, to).stream().map(RawSocket::firstReceived).toList();
    return HeaderCases.withoutOurs(String.join("", received));
  }
}
