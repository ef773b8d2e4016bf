package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.RudeCollector.Fault;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.opentelemetry.api.metrics.LongCounter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A network that fails between us and a collector, and works again: nothing is lost, nothing comes
 * twice, and recording never waits.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NetworkFaultsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(400);

  private static final int TIMES = 10;

  private ProxyTelemetrySdk sdk;

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESET_AT_ONCE", "RESET_IN_THE_REQUEST", "RESET_IN_THE_ANSWER", "HALF_CLOSED"})
  void deliversOnce_afterFaultsOfHttp(Fault fault) throws Exception {
    try (OtlpReceiver receiver = OtlpHttpReceiver.start()) {
      assertThatAllArrives(receiver, fault, OtlpOptions::http);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {
        "RESET_AT_ONCE",
        "RESET_IN_THE_REQUEST",
        "RESET_AFTER_SETTINGS",
        "HALF_CLOSED",
        "GOAWAY",
        "STREAM_RESET"
      })
  void deliversOnce_afterFaultsOfGrpc(Fault fault) throws Exception {
    try (OtlpReceiver receiver = OtlpGrpcReceiver.start()) {
      assertThatAllArrives(receiver, fault, OtlpOptions::grpc);
    }
  }

  @Test
  void connectsAnew_whenAGrpcCollectorIsRestarted() throws Exception {
    int port = FreePort.next();
    OtlpGrpcReceiver first = OtlpGrpcReceiver.start(port);
    LongCounter counter = start(first.endpoint(), options -> {});
    counter.add(1);
    Spans.end(sdk.openTelemetry(), 3);
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(first.received().spans()).hasSize(3);
    first.close();
    counter.add(1);
    Spans.end(sdk.openTelemetry(), 4);
    assertThat(sdk.flush(SHORT).status()).isEqualTo(Delivery.Status.TIMED_OUT);
    try (OtlpGrpcReceiver second = OtlpGrpcReceiver.start(port)) {
      assertThatAllArrived(second, 4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deliversWhatWasKept_whenTheNameIsKnownAgain(boolean http) throws Exception {
    AtomicBoolean known = new AtomicBoolean();
    Dns dns =
        name -> {
          if (!known.get()) {
            throw new UnknownHostException(name);
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    try (OtlpReceiver receiver = http ? OtlpHttpReceiver.start() : OtlpGrpcReceiver.start()) {
      LongCounter counter = start(named(receiver), options -> options(options, http, dns));
      counter.add(2);
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.flush(SHORT).status()).isEqualTo(Delivery.Status.TIMED_OUT);
      assertThatNothingIsLost("unavailable", 3);
      known.set(true);
      assertThatAllArrived(receiver, 3);
    }
  }

  @Test
  void deliversOnce_whenALookUpHangs() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    Dns dns =
        name -> {
          if (first.getAndSet(false)) {
            awaitUninterruptibly(answered);
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    try (OtlpReceiver receiver = OtlpHttpReceiver.start()) {
      start(named(receiver), options -> givingUpAfterTwoSeconds(options, dns));
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
      assertThatOneAttemptFailed(receiver, "timed_out");
      answered.countDown();
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(receiver.received().spans()).hasSize(3);
    }
  }

  @Test
  void sendsNothing_whereALookUpIsAnsweredTooLate() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    Dns dns =
        name -> {
          if (first.getAndSet(false)) {
            // What the guard does when it gives up.
            Thread.currentThread().interrupt();
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    try (OtlpReceiver receiver = OtlpHttpReceiver.start()) {
      start(named(receiver), options -> givingUpAfterTwoSeconds(options, dns));
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThatOneAttemptFailed(receiver, "unavailable");
    }
  }

  @Test
  void readsNoMoreOfABomb_thanAnAnswerMayHave() throws Exception {
    try (OtlpReceiver receiver = OtlpHttpReceiver.start();
        RudeCollector rude = new RudeCollector(receiver.endpoint())) {
      rude.spoil(Fault.GZIP_BOMB, 1);
      start(rude.url(), options -> options.http().withoutMetrics().timeout(LONG));
      Spans.end(sdk.openTelemetry(), 3);
      assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.lost(3));
      rude.awaitDefused();
      assertThat(sdk.health().exporters().get(0).dropped()).containsEntry("rejected", 3L);
      Spans.end(sdk.openTelemetry(), 2);
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(receiver.received().spans()).hasSize(2);
    }
  }

  @Test
  void sendsOneAtATime_toASlowCollector() throws Exception {
    try (OtlpReceiver receiver = OtlpHttpReceiver.start();
        RudeCollector rude = new RudeCollector(receiver.endpoint())) {
      rude.spoil(Fault.HELD, 100);
      LongCounter counter =
          start(
              rude.url(),
              options ->
                  options.http().withoutTraces().interval(Duration.ofMillis(1)).timeout(LONG));
      counter.add(2);
      rude.awaitHeld();
      counter.add(3);
      // A hundred intervals later the one export is still under way, and no other has begun.
      assertThat(sdk.flush(SHORT).status()).isEqualTo(Delivery.Status.TIMED_OUT);
      assertThat(rude.left()).isEqualTo(99);
      rude.release();
      assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
      assertThat(receiver.received().total("c")).isEqualTo(5);
      assertThat(sdk.health().exporters().get(0).failures()).isZero();
    }
  }

  private void assertThatAllArrives(
      OtlpReceiver receiver, Fault fault, Consumer<OtlpOptions> protocol) throws Exception {
    try (RudeCollector rude = new RudeCollector(receiver.endpoint())) {
      rude.spoil(fault, TIMES);
      LongCounter counter = start(rude.url(), protocol);
      counter.add(2);
      Spans.end(sdk.openTelemetry(), 3);
      while (rude.left() > 0) {
        // A flush does not wait for the next attempt.
        sdk.flush(Duration.ofMillis(20));
      }
      assertThat(sdk.health().exporters())
          .anyMatch(exporter -> exporter.exports().get("unavailable") > 0)
          .allMatch(exporter -> exporter.totalDropped() == 0);
      assertThatAllArrived(receiver, 3);
      assertThat(rude.relayed()).isEqualTo(2);
      rude.awaitUnused();
    }
  }

  private void assertThatOneAttemptFailed(OtlpReceiver receiver, String outcome) {
    assertThat(sdk.health().exporters().get(0).exports()).containsEntry(outcome, 1L);
    assertThat(receiver.received().spans()).hasSize(3);
  }

  private static void givingUpAfterTwoSeconds(OtlpOptions options, Dns dns) {
    options(options, true, dns);
    options.withoutMetrics().timeout(Duration.ofSeconds(2));
  }

  private void assertThatNothingIsLost(String outcome, int spans) {
    for (ExporterHealth exporter : sdk.health().exporters()) {
      assertThat(exporter.healthy()).isFalse();
      assertThat(exporter.exports().get(outcome)).isPositive();
      assertThat(exporter.totalDropped()).isZero();
      assertThat(exporter.queued()).isEqualTo(exporter.signal().equals("traces") ? spans : 0);
    }
  }

  private void assertThatAllArrived(OtlpReceiver receiver, int spans) {
    assertThat(sdk.flush(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(receiver.received().total("c")).isEqualTo(2);
    assertThat(receiver.received().spans()).hasSize(spans);
    assertThat(sdk.health().exporters()).allMatch(ExporterHealth::healthy);
    assertThat(sdk.close(LONG)).isEqualTo(Deliveries.delivered());
    assertThat(receiver.received().spans()).hasSize(spans);
  }

  private LongCounter start(String endpoint, Consumer<OtlpOptions> options) {
    sdk = ProxyTelemetrySdk.builder("t").otlp(endpoint, options).build();
    return sdk.openTelemetry().getMeter("t").counterBuilder("c").build();
  }

  private static void options(OtlpOptions options, boolean http, Dns dns) {
    if (http) {
      options.http();
    }
    options.spec.dns = dns;
  }

  private static String named(OtlpReceiver receiver) {
    return "http://collector.test:" + URI.create(receiver.endpoint()).getPort();
  }

  /** As the look-up of the runtime does. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
