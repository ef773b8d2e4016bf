package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.Side;
import org.junit.jupiter.api.Test;

/** The proxy's own time: what is left when the upstreams' is taken away. */
class ServerTimingHeaderTest {
  private final Bench bench = Bench.metricsOnly();
  private final Headers headers = new Headers();
  private final ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);

  @Test
  void isAddedToWhatTheOriginSent() {
    headers.with(ServerTiming.HEADER, "db;dur=3");
    bench.after(12);
    exchange.responseStarted(200, headers, Headers.ACCESS);
    exchange.responseStarted(200, headers, Headers.ACCESS);
    assertThat(headers.all(ServerTiming.HEADER)).containsExactly("db;dur=3", "proxy;dur=12.0");
  }

  @Test
  void isNotOnA101() {
    exchange.responseStarted(101, headers, Headers.ACCESS);
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void leavesOutTheUpstream() {
    bench.after(2);
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    bench.after(3); // waiting for a pooled connection is the proxy's
    attempt.startConnection();
    bench.after(100);
    attempt.connectionAcquired(false);
    attempt.requestStarted(Request.GET);
    bench.after(50);
    attempt.responseStarted(200);
    bench.after(7); // a filter
    assertProcessing("12.0");
  }

  @Test
  void countsTheWaitForTheFirstChunkAsTheUpstreams() {
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.GET);
    bench.after(10);
    attempt.responseStarted(200);
    bench.after(31);
    attempt.responseBytes(5);
    bench.after(1);
    assertProcessing("1.0");
  }

  @Test
  void takesAttemptsAtTheSameTimeOnce() {
    AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
    first.requestStarted(Request.GET);
    bench.after(20);
    AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
    second.requestStarted(Request.GET);
    bench.after(20);
    second.responseStarted(200);
    bench.after(5); // the first still waits
    first.cancel();
    bench.after(4);
    assertProcessing("4.0");
  }

  @Test
  void takesAttemptsOneAfterTheOther() {
    AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
    first.requestStarted(Request.GET);
    bench.after(20);
    first.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    bench.after(6); // back-off
    AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
    second.requestStarted(Request.GET);
    bench.after(20);
    second.responseStarted(200);
    second.responseEnd();
    bench.after(1);
    assertProcessing("7.0");
  }

  @Test
  void findsTheGapBetweenAttemptsThatOverlap() {
    AttemptObservation first = exchange.startAttempt(Bench.ORIGIN);
    first.requestStarted(Request.GET);
    bench.after(10);
    first.responseStarted(503);
    bench.after(8); // the proxy thinks about it, the body is not read
    AttemptObservation second = exchange.startAttempt(Bench.ORIGIN);
    second.requestStarted(Request.GET);
    bench.after(10);
    first.cancel();
    second.responseStarted(200);
    assertProcessing("8.0");
  }

  @Test
  void leavesOutTheWayToATunnel() {
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    bench.after(1);
    attempt.startConnection().established();
    bench.after(40);
    attempt.connectionAcquired(false);
    attempt.end();
    bench.after(2);
    assertProcessing("3.0");
  }

  @Test
  void isNeverNegative() {
    bench.clock.addAndGet(-50 * Bench.MS);
    assertProcessing("0.0");
  }

  private void assertProcessing(String millis) {
    exchange.responseStarted(200, headers, Headers.ACCESS);
    assertThat(headers.all(ServerTiming.HEADER)).containsExactly("proxy;dur=" + millis);
  }
}
