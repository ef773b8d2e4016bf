package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.otel.Bench.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import org.junit.jupiter.api.Test;

/** How often a proxied request reads the clock, which is the largest single cost of recording. */
class ClockReadsTest {
  private long reads;
  private final Bench bench = Bench.with(null, options -> options.clock(() -> ++reads * Bench.MS));

  @Test
  void areFour_whereTheRestOfAResponseComesWithItsHead() {
    DownstreamObservation client = bench.telemetry.startDownstreamConnection(null, null);
    reads = 0;
    ExchangeObservation exchange = client.startExchange(Request.GET);
    exchange.requestEnd();
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.connectionAcquired(true);
    attempt.requestStarted(Request.GET);
    attempt.requestEnd();
    attempt.responseStarted(200);
    attempt.responseRestReceived(10);
    exchange.responseStarted(200);
    exchange.responseBytes(10);
    exchange.responseEnd();

    // Received at 1 ms, sent on at 2, answered at 3, answer sent back at 4.
    assertThat(reads).isEqualTo(4);
    assertThat(bench.sumMillis(Instrument.FIRST_BYTE_LATENCY_SECONDS)).isEqualTo(1);
    assertThat(bench.sumMillis(Instrument.PROCESSING_DURATION_SECONDS)).isEqualTo(2);
  }

  @Test
  void areTwoMore_whereItComesByItself() {
    reads = 0;
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    AttemptObservation attempt = exchange.startAttempt(ORIGIN);
    attempt.requestStarted(Request.GET);
    attempt.responseStarted(200);
    attempt.responseBytes(10);
    attempt.responseEnd();
    exchange.responseStarted(200);
    exchange.end();

    assertThat(reads).isEqualTo(6);
    assertThat(bench.sumMillis(Instrument.PROCESSING_DURATION_SECONDS)).isEqualTo(2);
  }
}
