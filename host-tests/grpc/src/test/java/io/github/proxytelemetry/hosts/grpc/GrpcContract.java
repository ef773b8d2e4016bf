package io.github.proxytelemetry.hosts.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.grpc.Status.Code;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Calls of grpc-java through a proxy: without telemetry, with a recorder, and with the real back
 * end. Client and server see the same in all three, everything is counted once, and nothing stays
 * open.
 */
abstract class GrpcContract {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** The conventions: on a server these are errors. */
  private static final Set<Code> SERVER_ERRORS =
      Set.of(
          Code.UNKNOWN,
          Code.DEADLINE_EXCEEDED,
          Code.UNIMPLEMENTED,
          Code.INTERNAL,
          Code.UNAVAILABLE,
          Code.DATA_LOSS);

  abstract GrpcProxy start(ProxyTelemetry telemetry, InetSocketAddress origin) throws Exception;

  @Test
  void unaryCalls() throws Exception {
    RecordingProxyTelemetry recorder =
        recorded(
            (caller, origin) -> {
              for (int i = 0; i < 5; i++) {
                caller.unary("hello " + i);
              }
            });
    assertThat(recorder.exchanges())
        .hasSize(5)
        .extracting(RecordedExchange::grpcStatus)
        .containsOnly("0");
    assertThat(recorder.attempts())
        .hasSize(5)
        .extracting(RecordedAttempt::grpcStatus)
        .containsOnly("0");
    assertThat(recorder.exchanges()).allSatisfy(exchange -> assertThat(exchange.blame()).isNull());
    GrpcBench bench = counted((caller, origin) -> caller.unary("hello"));
    bench.assertCounts(1, "200", "success", "");
    bench.assertSpans(0, false, false);
  }

  @ParameterizedTest
  @EnumSource(value = Code.class, names = "OK", mode = Mode.EXCLUDE)
  void unaryCallsThatFail(Code code) throws Exception {
    RecordingProxyTelemetry recorder = recorded((caller, origin) -> caller.unary(code.name()));
    String status = String.valueOf(code.value());
    assertThat(recorder.exchanges())
        .extracting(RecordedExchange::grpcStatus)
        .containsExactly(status);
    assertThat(recorder.attempts()).extracting(RecordedAttempt::grpcStatus).containsExactly(status);
    GrpcBench bench = counted((caller, origin) -> caller.unary(code.name()));
    boolean failed = SERVER_ERRORS.contains(code);
    bench.assertCounts(1, "200", "failed", failed ? "grpc_error upstream" : "");
    bench.assertSpans(code.value(), failed, true);
  }

  @Test
  void streams() throws Exception {
    Play play = (caller, origin) -> caller.stream("last");
    RecordingProxyTelemetry recorder = recorded(play);
    assertThat(recorder.exchanges().get(0).events())
        .containsSubsequence("responseStarted 200", "responseTrailers", "responseEnd");
    GrpcBench bench = counted(play);
    bench.assertCounts(1, "200", "success", "");
    bench.assertSpans(0, false, false);
  }

  @Test
  void streamThatFailsMidway() throws Exception {
    Play play = (caller, origin) -> caller.stream(Code.UNAVAILABLE.name());
    RecordingProxyTelemetry recorder = recorded(play);
    assertThat(recorder.exchanges().get(0).grpcStatus()).isEqualTo("14");
    assertThat(recorder.exchanges().get(0).responseBytes()).isEqualTo(10 + 11 + 10);
    GrpcBench bench = counted(play);
    bench.assertCounts(1, "200", "failed", "grpc_error upstream");
    bench.assertSpans(14, true, true);
  }

  @Test
  void streamThatTheClientCancels() throws Exception {
    Play play =
        (caller, origin) -> {
          caller.cancelled();
          assertThat(origin.awaitCancelled()).isTrue();
        };
    RecordingProxyTelemetry recorder = recorded(play);
    assertThat(recorder.exchanges().get(0).grpcStatus()).isNull();
    GrpcBench bench = counted(play);
    bench.assertCounts(1, "200", "canceled", "client_abort downstream");
    bench.assertSpans(-1, false, false);
  }

  /** Client and server each watch the deadline, and either may give up first. */
  @Test
  void callWhoseDeadlineIsExceeded() throws Exception {
    Play play =
        (caller, origin) -> {
          caller.unaryBefore(1000, "wait");
          assertThat(origin.awaitCancelled()).isTrue();
        };
    RecordingProxyTelemetry recorder = recorded(play);
    assertThat(recorder.exchanges()).hasSize(1);
    GrpcBench bench = counted(play);
    assertThat(bench.requests()).isOne();
    assertThat(bench.errors()).hasSize(1);
    assertThat(bench.spanCodes()).isEmpty();
  }

  private RecordingProxyTelemetry recorded(Play play) throws Exception {
    Seen off = seen(ProxyTelemetry.noop(), play);
    assertThat(off.traced).isZero();
    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    Seen on = seen(recorder, play);
    assertThat(on.client).isEqualTo(off.client);
    assertThat(on.server).isEqualTo(off.server);
    recorder.awaitIdle(LIMIT);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
    assertThat(on.traced).isEqualTo(recorder.attempts().size());
    return recorder;
  }

  private GrpcBench counted(Play play) throws Exception {
    GrpcBench bench = new GrpcBench();
    Seen on = seen(bench.telemetry, play);
    Seen off = seen(ProxyTelemetry.noop(), play);
    assertThat(on.client).isEqualTo(off.client);
    assertThat(on.server).isEqualTo(off.server);
    bench.awaitIdle(LIMIT);
    bench.assertNoTrouble();
    return bench;
  }

  private Seen seen(ProxyTelemetry telemetry, Play play) throws Exception {
    try (GrpcOrigin origin = new GrpcOrigin();
        GrpcProxy proxy = start(telemetry, origin.address())) {
      List<String> received;
      try (GrpcCaller caller = new GrpcCaller(proxy.address())) {
        play.on(caller, origin);
        received = caller.received();
      }
      return new Seen(received, origin.received(), origin.traceparents().size());
    }
  }

  /** Calls through a proxy. */
  private interface Play {
    void on(GrpcCaller caller, GrpcOrigin origin) throws Exception;
  }

  private record Seen(List<String> client, List<String> server, int traced) {}
}
