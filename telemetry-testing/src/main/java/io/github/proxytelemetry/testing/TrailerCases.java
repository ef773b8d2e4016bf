package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trailers of HTTP/1.1 messages, in both directions. */
abstract class TrailerCases extends AdapterCases {
  TrailerCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsTrailers() {
    needs(Capability.TRAILERS);
  }

  @Test
  void passesTrailersOn() throws Exception {
    origin()
        .onRequest(
            OriginScript.respond(
                lines(
                    "HTTP/1.1 200 OK",
                    "Transfer-Encoding: chunked",
                    "Trailer: X-Sum",
                    "",
                    "2",
                    "ok",
                    "0",
                    "X-Sum: 2",
                    "")));
    RawClient client = client();
    client.send(
        lines(
            "POST /b HTTP/1.1",
            "Host: origin.test",
            "TE: trailers",
            "Transfer-Encoding: chunked",
            "Trailer: X-Sum",
            "",
            "5",
            "hello",
            "0"));
    awaitExchanges(1);
    assertThat(exchange(0).requestEnded()).as("before the trailers").isFalse();
    client.send("X-Sum: 5\r\n\r\n");
    RawMessage response = client.readResponse("POST");
    assertThat(response.trailerLines()).containsExactly("X-Sum: 2");
    settle(1);
    assertThat(origin().requests().get(0).trailerLines()).containsExactly("X-Sum: 5");
    assertServed(0, "POST", 200);
    assertBodies(0, 5, 2);
  }

  @Test
  void writesTrailers_asTheBackEndLeavesThem() throws Exception {
    String trailers = lines(RecordingProxyTelemetry.REMOVED_TRAILER + ": 1", "X-Sum: 5", "");
    origin()
        .onRequest(
            OriginScript.respond(
                lines(
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "Trailer: X-Sum",
                        "",
                        "2",
                        "ok",
                        "0")
                    + trailers));
    RawClient client = client();
    client.send(
        lines(
                "POST /b HTTP/1.1",
                "Host: origin.test",
                "TE: trailers",
                "Transfer-Encoding: chunked",
                "Trailer: X-Sum",
                "",
                "5",
                "hello",
                "0")
            + trailers);
    assertThat(client.readResponse("POST").trailerLines()).containsExactly("X-Sum: 5");
    settle(1);
    assertThat(origin().requests().get(0).trailerLines()).containsExactly("X-Sum: 5");
    assertServed(0, "POST", 200);
    assertBodies(0, 5, 2);
    assertThat(attempt(0).requestTrailers()).isOne();
    assertThat(attempt(0).events()).containsSubsequence("responseTrailers", "responseEnd");
    assertThat(exchange(0).events()).containsSubsequence("responseTrailers", "responseEnd");
  }
}
