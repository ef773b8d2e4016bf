package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Trust;
import io.github.proxytelemetry.sdk.export.OwnBench;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Recording allocates the observations, and nothing else. */
class AllocationTest {
  private static final int ROUNDS = 20_000;
  private static final int BATCHES = 5;

  /** A {@code SafeExchange}. */
  private static final long EXCHANGE_BYTES = 72;

  /** A {@code SafeAttempt}. */
  private static final long ATTEMPT_BYTES = 56;

  /** An {@code UnsampledTrace}: the ids that upstreams get. */
  private static final long UNSAMPLED_BYTES = 32;

  /** An {@code ExchangeLayers}. */
  private static final long EXCHANGE_LAYERS_BYTES = 80;

  /** An {@code AttemptLayers}. */
  private static final long ATTEMPT_LAYERS_BYTES = 88;

  private static final RequestInfo REQUEST = () -> "GET";
  private static final RequestInfo POST = () -> "POST";
  private static final HeaderAccess<Object> NO_HEADERS = new NoHeaders();
  private static final HeaderAccess<Object> JSON = new Json();

  private final ProxyTelemetry metricsOnly = Bench.metricsOnly().telemetry;
  private final ProxyTelemetry unsampled = Bench.untraced().telemetry;

  @Test
  void allocatesOneExchange() {
    assertThat(perRound(() -> localAnswer(metricsOnly))).isLessThanOrEqualTo(EXCHANGE_BYTES);
  }

  @Test
  void allocatesOneExchangeAndOneAttempt() {
    assertThat(perRound(() -> proxied(metricsOnly)))
        .isLessThanOrEqualTo(EXCHANGE_BYTES + ATTEMPT_BYTES);
  }

  @Test
  void allocatesNoMore_whereAPostIsAnswered_withoutGrpc() {
    assertThat(perRound(() -> proxied(metricsOnly, POST)))
        .isLessThanOrEqualTo(EXCHANGE_BYTES + ATTEMPT_BYTES);
  }

  @Test
  void allocatesItsIdsAndNoMore_whereTheTraceIsNotSampled() {
    assertThat(perRound(() -> proxied(unsampled)))
        .isLessThanOrEqualTo(EXCHANGE_BYTES + ATTEMPT_BYTES + UNSAMPLED_BYTES);
  }

  @Test
  void allocatesTheObservationsOfItsLayersOnly_whereTheyAreMeasured() {
    for (MetricNaming naming : List.of(MetricNaming.KRAKEND, MetricNaming.SEMCONV)) {
      ProxyTelemetry layered = Bench.layeredMetrics(naming, Layers.all()).telemetry;
      assertThat(perRound(() -> proxied(layered)))
          .isLessThanOrEqualTo(
              EXCHANGE_BYTES + ATTEMPT_BYTES + EXCHANGE_LAYERS_BYTES + ATTEMPT_LAYERS_BYTES);
    }
  }

  @Test
  void allocatesNoMore_whereThereIsNoRoomForTheSeries() {
    ProxyTelemetry layered =
        Bench.layeredMetrics(MetricNaming.PRIVACY_PROXY, Layers.all()).telemetry;
    for (int i = 0; i < 700; i++) {
      String route = "/" + i;
      for (int status = 200; status < 204; status++) {
        ExchangeObservation exchange = layered.startExchange(REQUEST);
        exchange.route(route);
        exchange.responseStarted(status);
        exchange.end();
      }
    }
    assertThat(perRound(() -> proxied(layered)))
        .isLessThanOrEqualTo(
            EXCHANGE_BYTES + ATTEMPT_BYTES + EXCHANGE_LAYERS_BYTES + ATTEMPT_LAYERS_BYTES);
  }

  @Test
  void allocatesNoMore_whateverIsDecidedFirst() {
    Sampling rules = Sampling.rules().when("/a", Sampling.always()).otherwise(Sampling.never());
    ProxyTelemetry telemetry =
        OwnBench.of(
                rules.capped(10),
                options ->
                    options
                        .trust(Trust.RESTART)
                        .propagateTo(upstream -> false)
                        .skipPaths("/health", "/debug/{x}"))
            .telemetry;
    assertThat(perRound(() -> proxied(telemetry)))
        .isLessThanOrEqualTo(EXCHANGE_BYTES + ATTEMPT_BYTES + UNSAMPLED_BYTES);
  }

  private static void localAnswer(ProxyTelemetry telemetry) {
    ExchangeObservation exchange = telemetry.startExchange(REQUEST);
    exchange.handlingStarted();
    exchange.requestEnd();
    exchange.responseStarted(200, REQUEST, NO_HEADERS);
    exchange.responseEnd();
  }

  private static void proxied(ProxyTelemetry telemetry) {
    proxied(telemetry, REQUEST);
  }

  private static void proxied(ProxyTelemetry telemetry, RequestInfo request) {
    ExchangeObservation exchange = telemetry.startExchange(request);
    exchange.route("/users/{id}");
    exchange.handlingStarted();
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.connectionAcquired(true);
    attempt.requestStarted(request);
    attempt.requestBytes(10);
    exchange.requestEnd();
    attempt.responseStarted(200, request, JSON);
    exchange.responseStarted(200, request, JSON);
    attempt.responseBytes(10);
    attempt.responseEnd();
    exchange.responseEnd();
  }

  /** Bytes a round: of several batches the least, as a runtime does other things now and then. */
  private static long perRound(Runnable round) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
    long least = Long.MAX_VALUE;
    for (int batch = 0; batch < BATCHES; batch++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS / BATCHES; i++) {
        round.run();
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      least = Math.min(least, bytes / (ROUNDS / BATCHES));
    }
    return least;
  }

  private static final class Json extends NoHeaders {
    @Override
    public @Nullable String get(Object headers, String name) {
      return name.equals("content-type") ? "application/json" : null;
    }
  }

  private static class NoHeaders implements HeaderAccess<Object> {
    @Override
    public @Nullable String get(Object headers, String name) {
      return null;
    }

    @Override
    public void set(Object headers, String name, String value) {}

    @Override
    public void add(Object headers, String name, String value) {}

    @Override
    public void remove(Object headers, String name) {}
  }
}
