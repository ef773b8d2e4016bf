package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RealCollector;
import io.github.proxytelemetry.testbed.RealPrometheus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Replicas, a real collector and a real Prometheus 3, set up as on the page about exporting. */
final class CollectedFleet implements AutoCloseable {
  static final String REQUESTS = "sum(privacy_proxy_requests_total)";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ON_PORTS =
      """
      receivers:
        otlp:
          protocols:
            grpc:
              endpoint: %s
      exporters:
        prometheus:
          endpoint: %s
      """;

  final Fleet replicas;
  final RealPrometheus prometheus;
  private final RealCollector collector;

  /** Starts them, and sends one request to each replica, so that its histograms exist. */
  static CollectedFleet of(int size) throws Exception {
    String otlp = "127.0.0.1:" + FreePort.next();
    String scraped = "127.0.0.1:" + FreePort.next();
    RealCollector collector =
        RealCollector.start(ExportingPage.collector(), ON_PORTS.formatted(otlp, scraped));
    Fleet replicas = Fleet.of(size, otlp, options -> {});
    RealPrometheus prometheus =
        RealPrometheus.start("prometheus3", ExportingPage.scrapeConfigs(scraped));
    CollectedFleet fleet = new CollectedFleet(replicas, prometheus, collector);
    // Seen at 0, so that rates have all of what follows.
    fleet.await("count(count by (instance) (privacy_proxy_requests_total))", size);
    fleet.await("count(count by (instance) (privacy_proxy_requests_by_status))", size);
    for (int replica = 0; replica < size; replica++) {
      replicas.get(replica, 1);
    }
    fleet.await(REQUESTS, size);
    fleet.await("sum(privacy_proxy_connect_latency_seconds_count)", size);
    return fleet;
  }

  private CollectedFleet(Fleet replicas, RealPrometheus prometheus, RealCollector collector) {
    this.replicas = replicas;
    this.prometheus = prometheus;
    this.collector = collector;
  }

  /** Waits until a query has one series with that value for an answer. */
  void await(String promql, double expected) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    Map<Map<String, String>, Double> answer = prometheus.query(promql);
    while (!answer.equals(Map.of(Map.of(), expected))) {
      assertThat(System.nanoTime()).as(promql + " is " + answer).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(100);
      answer = prometheus.query(promql);
    }
  }

  @Override
  public void close() throws IOException {
    replicas.close();
    prometheus.close();
    collector.close();
  }
}
