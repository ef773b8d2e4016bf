package io.github.proxytelemetry.benchmarks;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Memory and scrapes by the number of routes, with all layers on, and by that of threads. */
final class SeriesGrowth {
  private static final RequestInfo REQUEST = () -> "GET";
  private static final int SCRAPES = 5;
  private static final int REQUESTS = 20_000;
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * Telemetry after requests on so many routes.
   *
   * @param series samples with labels of their own in a scrape, a histogram's buckets included
   * @param heap live bytes, compared to none of these routes
   * @param scrapeMillis median
   */
  record ByRoutes(int routes, long series, long heap, long scrapeBytes, double scrapeMillis) {}

  static List<ByRoutes> routes(int... counts) {
    List<ByRoutes> rows = new ArrayList<>();
    long[] heap = new long[counts.length];
    // First without scrapes, whose clients and texts would count as telemetry's.
    try (OwnSdk sdk = OwnSdk.layers(Sampling.never())) {
      record(sdk.telemetry(), 1);
      long before = Heap.live();
      for (int i = 0; i < counts.length; i++) {
        recordRoutes(sdk.telemetry(), counts[i]);
        heap[i] = Heap.live() - before;
      }
    }
    try (OwnSdk sdk = OwnSdk.layers(Sampling.never())) {
      for (int i = 0; i < counts.length; i++) {
        recordRoutes(sdk.telemetry(), counts[i]);
        rows.add(scraped(sdk, counts[i], heap[i]));
      }
    }
    return rows;
  }

  private static void recordRoutes(ProxyTelemetry telemetry, int routes) {
    DownstreamObservation connection = telemetry.startDownstreamConnection(null, null);
    for (int route = 0; route < routes; route++) {
      ExchangeObservation exchange = connection.startExchange(REQUEST);
      exchange.route("/route" + route + "/{id}");
      BackEndBenchmark.record(exchange);
    }
    connection.end();
  }

  private static ByRoutes scraped(OwnSdk sdk, int routes, long heap) {
    long[] nanos = new long[SCRAPES];
    String text = "";
    for (int i = 0; i < SCRAPES; i++) {
      long start = System.nanoTime();
      text = sdk.scrape();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return new ByRoutes(
        routes,
        text.lines().filter(line -> !line.startsWith("#")).count(),
        heap,
        text.getBytes(StandardCharsets.UTF_8).length,
        nanos[SCRAPES / 2] / NANOS_PER_MILLI);
  }

  /** What so many threads that record at the same time make alive, beyond the threads alone. */
  static long threads(int threads) throws InterruptedException {
    try (OwnSdk sdk = OwnSdk.metricsOnly()) {
      return threads(sdk.telemetry(), threads) - threads(ProxyTelemetry.noop(), threads);
    }
  }

  private static long threads(ProxyTelemetry telemetry, int threads) throws InterruptedException {
    CountDownLatch recorded = new CountDownLatch(threads);
    CountDownLatch measured = new CountDownLatch(1);
    List<Thread> running = new ArrayList<>();
    record(telemetry, 1);
    long before = Heap.live();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                record(telemetry, REQUESTS);
                recorded.countDown();
                await(measured);
              },
              "recorder-" + i);
      thread.setDaemon(true);
      thread.start();
      running.add(thread);
    }
    recorded.await();
    long after = Heap.live();
    measured.countDown();
    for (Thread thread : running) {
      thread.join();
    }
    return after - before;
  }

  private static void record(ProxyTelemetry telemetry, int requests) {
    DownstreamObservation connection = telemetry.startDownstreamConnection(null, null);
    for (int i = 0; i < requests; i++) {
      BackEndBenchmark.record(connection);
    }
    connection.end();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SeriesGrowth() {}
}
