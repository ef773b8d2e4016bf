package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ServerTiming;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hooks of the host that throw at every call: they cost what they decide, and no count. */
class ThrowingHooksTest {
  /** More than the budget of the circuit breaker, which failures of callbacks do not use. */
  private static final int MANY = 250;

  /** Few enough for that budget of 100. */
  private static final int FEW = 10;

  private static final List<Instrument> COUNTED =
      List.of(
          Instrument.REQUESTS_TOTAL,
          Instrument.REQUESTS_BY_STATUS,
          Instrument.ATTEMPTS_TOTAL,
          Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL);

  private static final List<Instrument> MEASURED =
      List.of(
          Instrument.PROCESSING_DURATION_SECONDS,
          Instrument.FIRST_BYTE_LATENCY_SECONDS,
          Instrument.REQUEST_DURATION_SECONDS,
          Instrument.REQUEST_SIZE_BYTES,
          Instrument.RESPONSE_SIZE_BYTES,
          Instrument.UPSTREAM_DURATION_SECONDS,
          Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS,
          Instrument.UPSTREAM_READ_SIZE_BYTES);

  private static final List<Instrument> ACTIVE =
      List.of(Instrument.REQUESTS_IN_PROGRESS, Instrument.CONNECTIONS_ACTIVE);

  static Stream<Arguments> hooksAndErrors() {
    return Stream.of(ThrowingHook.values())
        .flatMap(hook -> Sneaky.ERRORS.stream().map(error -> Arguments.of(hook, error)));
  }

  @ParameterizedTest
  @MethodSource("hooksAndErrors")
  void costNoCount(ThrowingHook hook, Throwable error) {
    Sneaky sneaky = new Sneaky(error);
    Bench bench = hook.bench(sneaky);
    int exchanges = hook.isCallback() ? MANY : FEW;
    for (int i = 0; i < exchanges; i++) {
      serve(bench.telemetry, hook, sneaky, i % 2 == 0);
    }
    assertThat(bench.telemetry.faults().guardTripped()).isFalse();
    for (Instrument counter : COUNTED) {
      assertThat(bench.total(counter)).as("%s", counter).isEqualTo(exchanges);
    }
    for (Instrument histogram : MEASURED) {
      assertThat(bench.count(histogram)).as("%s", histogram).isEqualTo(exchanges);
    }
    for (Instrument gauge : ACTIVE) {
      assertThat(bench.total(gauge)).as("%s", gauge).isZero();
    }
    assertThat(bench.value(Instrument.REQUESTS_BY_STATUS, "status", "200")).isEqualTo(exchanges);
    assertThat(bench.total(Instrument.BYTES_SENT_TOTAL)).isEqualTo(3L * exchanges);
    assertThat(bench.total(Instrument.BYTES_RECEIVED_TOTAL)).isEqualTo(5L * exchanges);
    assertMethod(bench, hook, exchanges);
    assertNoGuardErrors(bench, hook);
    assertThat(sneaky.count()).as("calls of the hook").isPositive();
  }

  @ParameterizedTest
  @MethodSource("hooksAndErrors")
  void costNoCount_ofCallsOfTheHost(ThrowingHook hook, Throwable error) {
    Sneaky sneaky = new Sneaky(error);
    Bench bench = hook.bench(sneaky);
    for (int i = 0; i < FEW; i++) {
      attempt(bench.telemetry.startAttempt(Bench.ORIGIN), hook, sneaky, i % 2 == 0);
    }
    assertThat(bench.telemetry.faults().guardTripped()).isFalse();
    assertThat(bench.total(Instrument.ATTEMPTS_TOTAL)).isEqualTo(FEW);
    assertThat(bench.total(Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL)).isEqualTo(FEW);
    assertThat(bench.count(Instrument.UPSTREAM_DURATION_SECONDS)).isEqualTo(FEW);
    assertThat(bench.count(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS)).isEqualTo(FEW);
    assertThat(bench.total(Instrument.BYTES_SENT_TOTAL)).isEqualTo(3 * FEW);
    assertThat(bench.total(Instrument.BYTES_RECEIVED_TOTAL)).isEqualTo(5 * FEW);
    assertMethod(bench, hook, FEW);
    assertNoGuardErrors(bench, hook);
  }

  private static void assertMethod(Bench bench, ThrowingHook hook, int exchanges) {
    String method = hook == ThrowingHook.METHOD_OF_REQUEST ? "_OTHER" : "GET";
    assertThat(bench.sum(Instrument.UPSTREAM_DURATION_SECONDS, Map.of(Dimension.METHOD, method)))
        .as("with the method")
        .isEqualTo(exchanges);
  }

  /** However often an option throws, it never turns the telemetry off. */
  private static void assertNoGuardErrors(Bench bench, ThrowingHook hook) {
    if (hook.isCallback()) {
      assertThat(bench.telemetry.faults().errors()).as("errors of the telemetry").isZero();
    }
  }

  private static void serve(
      OtelProxyTelemetry telemetry, ThrowingHook hook, Sneaky sneaky, boolean atOnce) {
    DownstreamObservation client = telemetry.startDownstreamConnection(null, null);
    ExchangeObservation exchange = client.startExchange(hook.request(sneaky));
    exchange.requestBytes(3);
    exchange.requestEnd();
    attempt(exchange.startAttempt(Bench.ORIGIN), hook, sneaky, atOnce);
    Headers response = new Headers();
    exchange.responseStarted(200, response, hook.access(sneaky));
    assertThat(response.all(ServerTiming.HEADER))
        .as("Server-Timing")
        .hasSize(hook == ThrowingHook.WRITING_HEADERS ? 0 : 1);
    exchange.responseBytes(5);
    exchange.responseEnd();
    client.end();
  }

  private static void attempt(
      AttemptObservation attempt, ThrowingHook hook, Sneaky sneaky, boolean atOnce) {
    attempt.inject(new Headers(), hook.access(sneaky));
    attempt.requestStarted(hook.request(sneaky));
    attempt.requestBytes(3);
    if (atOnce) {
      attempt.responseReceived(200, new Headers(), hook.access(sneaky), 5);
    } else {
      attempt.responseStarted(200, new Headers(), hook.access(sneaky));
      attempt.responseBytes(5);
      attempt.responseEnd();
    }
  }
}
