package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RealCollector;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real collector breaks down and comes back. */
@RequiresProgram("otelcol")
class CollectorOutageTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String REQUESTS = "privacy_proxy_requests_total";
  private static final Pattern SPAN = Pattern.compile("\"spanId\":\"([0-9a-f]{16})\"");

  /** A server span and a client span each. */
  private static final int BEFORE = 10;

  private static final int MEANWHILE = 40;

  @TempDir Path directory;

  @Test
  void losesNoSpan_andCountsOn() throws Exception {
    Path traces = directory.resolve("traces.json");
    Path metrics = directory.resolve("metrics.json");
    String endpoint = "127.0.0.1:" + FreePort.next();
    String configuration = configuration(endpoint, traces, metrics);
    RealCollector collector = RealCollector.start(configuration);
    try (Fleet fleet = Fleet.of(1, endpoint, options -> {})) {
      fleet.get(0, BEFORE);
      awaitSpans(traces, 2 * BEFORE);

      collector.kill();
      fleet.get(0, MEANWHILE);
      assertThat(fleet.telemetry(0).flush(Duration.ofMillis(500)).status())
          .isEqualTo(Delivery.Status.TIMED_OUT);
      assertThat(fleet.telemetry(0).health().isHealthy()).isFalse();
      collector = RealCollector.start(configuration);

      awaitSpans(traces, 2 * (BEFORE + MEANWHILE));
      await(() -> requests(metrics) == BEFORE + MEANWHILE, metrics);
      await(() -> fleet.telemetry(0).health().isHealthy(), traces);
      assertThat(fleet.telemetry(0).health().exporters())
          .allMatch(exporter -> exporter.totalDropped() == 0);
    } finally {
      collector.close();
    }
  }

  private static String configuration(String endpoint, Path traces, Path metrics) {
    return """
        receivers:
          otlp:
            protocols:
              grpc:
                endpoint: %s
        exporters:
          file/traces:
            path: %s
            append: true
          file/metrics:
            path: %s
            append: true
        service:
          pipelines:
            traces:
              receivers: [otlp]
              exporters: [file/traces]
            metrics:
              receivers: [otlp]
              exporters: [file/metrics]
        """
        .formatted(endpoint, traces, metrics);
  }

  /** Each once: one that is sent again has the same id. */
  private static void awaitSpans(Path traces, int count) throws Exception {
    await(() -> spans(traces).size() == count, traces);
  }

  private static Set<String> spans(Path traces) throws IOException {
    return SPAN.matcher(Files.readString(traces))
        .results()
        .map(span -> span.group(1))
        .collect(Collectors.toSet());
  }

  /** Over all methods, as the last export had it. */
  private static long requests(Path metrics) throws IOException {
    long requests = 0;
    for (String export : Files.readString(metrics).split("(?<=\n)", -1)) {
      // The collector may be writing the last line.
      if (export.endsWith("\n") && export.contains(REQUESTS)) {
        requests = requests(new ObjectMapper().readTree(export));
      }
    }
    return requests;
  }

  private static long requests(JsonNode export) {
    long requests = 0;
    for (JsonNode metrics : export.findValues("metrics")) {
      for (JsonNode metric : metrics) {
        if (metric.path("name").asText().equals(REQUESTS)) {
          for (JsonNode point : metric.at("/sum/dataPoints")) {
            requests += point.path("asInt").asLong();
          }
        }
      }
    }
    return requests;
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition, Path file) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(() -> "not in time: " + file).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
