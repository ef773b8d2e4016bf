package io.github.proxytelemetry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import java.util.List;
import org.apache.hc.core5.http2.H2Error;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * gRPC calls, at the level of frames. Their outcome is in the {@code grpc-status} of the trailers,
 * or of the head where an answer is nothing but a head; HTTP has answered them with 200.
 */
abstract class GrpcCases extends AdapterCases {
  /** An uncompressed message of one byte. */
  private static final byte[] MESSAGE = {0, 0, 0, 0, 1, 'm'};

  private static final String[] HEAD = {":status", "200", "content-type", "application/grpc+proto"};

  private final Http2Origin http2 = new Http2Origin(this);

  GrpcCases(AdapterUnderTest adapter) {
    super(adapter);
  }

  @BeforeEach
  void needsGrpc() {
    needs(Capability.GRPC);
  }

  @Test
  void reportsTheStatus_ofACall() throws Exception {
    RawStream call = call(GrpcCases::answered);
    settle(1);
    assertThat(call.trailer("grpc-status")).containsExactly("0");
    assertReported("0");
    assertThat(exchange(0).events())
        .containsSubsequence("responseStarted 200", "responseTrailers", "responseEnd");
    assertThat(attempt(0).events())
        .containsSubsequence("responseStarted 200", "responseTrailers", "responseEnd");
    assertBodies(0, MESSAGE.length, MESSAGE.length);
  }

  @Test
  void reportsTheStatus_ofACallThatFailsMidway() throws Exception {
    RawStream call =
        call(
            (server, stream) -> {
              server.headers(stream, false, HEAD);
              server.data(stream, false, MESSAGE);
              server.data(stream, false, MESSAGE);
              server.headers(stream, true, "grpc-status", "14", "grpc-message", "gone%20away");
            });
    settle(1);
    assertThat(call.trailer("grpc-status")).containsExactly("14");
    assertThat(call.trailer("grpc-message")).containsExactly("gone%20away");
    assertReported("14");
    assertBodies(0, MESSAGE.length, 2L * MESSAGE.length);
  }

  @Test
  void reportsTheStatus_ofAnAnswerThatIsAHeadOnly() throws Exception {
    RawStream call =
        call(
            (server, stream) ->
                server.headers(
                    stream,
                    true,
                    ":status",
                    "200",
                    "content-type",
                    "application/grpc",
                    "grpc-status",
                    "5"));
    settle(1);
    assertThat(call.header("grpc-status")).containsExactly("5");
    assertThat(call.content()).isEmpty();
    assertReported("5");
    assertBodies(0, MESSAGE.length, 0);
  }

  @Test
  void passesAStatusOn_thatMakesNoSense() throws Exception {
    for (String status : List.of("17", "-1", "00000000000000000000000000", "x".repeat(200))) {
      RawStream call =
          call(
              (server, stream) -> {
                server.headers(stream, false, HEAD);
                server.headers(stream, true, "grpc-status", status);
              });
      assertThat(call.trailer("grpc-status")).containsExactly(status);
    }
    settle(4);
    for (int i = 0; i < 4; i++) {
      assertServed(i, "POST", 200);
    }
  }

  @Test
  void writesTheTrailers_asTheBackEndLeavesThem() throws Exception {
    RawStream call =
        call(
            (server, stream) -> {
              server.headers(stream, false, HEAD);
              server.data(stream, false, MESSAGE);
              server.headers(
                  stream,
                  true,
                  "grpc-status",
                  "0",
                  RecordingProxyTelemetry.REMOVED_TRAILER,
                  "1",
                  "x-kept-bin",
                  "AAEC");
            });
    settle(1);
    assertThat(call.trailer(RecordingProxyTelemetry.REMOVED_TRAILER)).isEmpty();
    assertThat(call.trailer("x-kept-bin")).containsExactly("AAEC");
    assertReported("0");
  }

  @Test
  void blamesAClient_thatCancelsACall() throws Exception {
    RawHttp2 client =
        start(
            recorder,
            (server, stream) -> {
              server.headers(stream, false, HEAD);
              server.data(stream, false, MESSAGE);
            });
    client.await(1, GrpcCases::hasMessage);
    client.reset(1, H2Error.CANCEL);
    settle(1);
    assertThat(exchange(0).terminal()).as("%s", exchange(0)).isEqualTo(Terminal.FAILED);
    assertThat(exchange(0).grpcStatus()).isNull();
    assertFailure("blame", exchange(0).blame(), Side.DOWNSTREAM, ProxyError.CLIENT_ABORT);
    RecordedFailure failure = attempt(0).failure();
    assertThat(failure == null ? null : failure.side()).isNotEqualTo(Side.UPSTREAM);
  }

  @Test
  void blamesAnOrigin_thatResetsACall() throws Exception {
    RawHttp2 client =
        start(
            recorder,
            (server, stream) -> {
              server.headers(stream, false, HEAD);
              server.data(stream, false, MESSAGE);
              hold();
              server.reset(stream, H2Error.INTERNAL_ERROR);
            });
    client.await(1, GrpcCases::hasMessage);
    release();
    assertThat(client.awaitEnd(1).error()).as("not a whole response").isNotNull();
    settle(1);
    assertThat(exchange(0).grpcStatus()).isNull();
    assertThat(attempt(0).terminal()).as("%s", attempt(0)).isEqualTo(Terminal.FAILED);
    assertFailure(
        "blame",
        exchange(0).blame(),
        Side.UPSTREAM,
        ProxyError.CONNECTION_TERMINATED,
        ProxyError.HTTP_RESPONSE_INCOMPLETE,
        ProxyError.HTTP_PROTOCOL_ERROR);
  }

  @Test
  void changesNoTrailers_whetherTelemetryIsOnOrOff() throws Exception {
    String off = call(ProxyTelemetry.noop(), GrpcCases::answered).withoutOurs();
    String on = call(GrpcCases::answered).withoutOurs();
    assertThat(on).isEqualTo(off).contains("x-note-bin");
  }

  private static void answered(RawHttp2 server, int stream) throws IOException {
    server.headers(stream, false, HEAD);
    server.data(stream, false, MESSAGE);
    server.headers(stream, true, "grpc-status", "0", "x-note-bin", "AAEC", "x-note", "a,  b");
  }

  /** Asserts that both sides saw a complete response with this gRPC status. */
  private void assertReported(String status) {
    assertServed(0, "POST", 200);
    assertThat(exchange(0).grpcStatus()).isEqualTo(status);
    assertThat(attempt(0).grpcStatus()).isEqualTo(status);
  }

  private RawStream call(Answer answer) throws Exception {
    return call(recorder, answer);
  }

  /** Makes one call through a proxy of its own; returns its response. */
  private RawStream call(ProxyTelemetry telemetry, Answer answer) throws Exception {
    return start(telemetry, answer).awaitEnd(1);
  }

  /** Starts a proxy, and a call through it on stream 1. */
  private RawHttp2 start(ProxyTelemetry telemetry, Answer answer) throws Exception {
    origin()
        .onAccept(
            connection -> {
              RawHttp2 server = http2.serve(connection);
              answer.write(server, server.awaitRequest(1));
              server.awaitClose();
            });
    RawHttp2 client = RawHttp2.client(client(telemetry, http2.settings()));
    client.request(
        1,
        false,
        "POST",
        "/test.Service/Call",
        "content-type",
        "application/grpc",
        "te",
        "trailers");
    client.data(1, true, MESSAGE);
    return client;
  }

  private static boolean hasMessage(RawStream stream) {
    return stream.content().length() == MESSAGE.length;
  }

  /** What the origin does with a request on a stream. */
  private interface Answer {
    void write(RawHttp2 server, int stream) throws IOException;
  }
}
