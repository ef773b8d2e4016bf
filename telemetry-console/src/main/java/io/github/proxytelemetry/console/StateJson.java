package io.github.proxytelemetry.console;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.otel.Faults;
import io.github.proxytelemetry.sdk.ExporterHealth;
import io.github.proxytelemetry.sdk.Health;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Numbers of the page as JSON: within the window, and since the start. */
final class StateJson {
  /** In the order of the page: the proxy's own time first. */
  static final List<Instrument> LATENCIES =
      List.of(
          Instrument.PROCESSING_DURATION_SECONDS,
          Instrument.QUEUE_DURATION_SECONDS,
          Instrument.CONNECT_LATENCY_SECONDS,
          Instrument.FIRST_BYTE_LATENCY_SECONDS);

  private static final double[] RANKS = {0.5, 0.95, 0.99};
  private static final double MILLIS = 1e3;

  /** Upstreams have names of the host's choice; more would be no page. */
  private static final int MAX_ROWS = 100;

  private StateJson() {}

  static String service(Resource resource) {
    String name = resource.getAttribute(AttributeKey.stringKey("service.name"));
    return name == null ? "" : name;
  }

  static void writeMetrics(Json json, History history) {
    Reading now = history.latest();
    Reading start = history.windowStart();
    json.name("window").value(now.secondsSince(start));
    json.name("active")
        .array()
        .value(now.total(Instrument.REQUESTS_IN_PROGRESS))
        .value(now.total(Instrument.CONNECTIONS_ACTIVE))
        .value(now.total(Instrument.TUNNELS_ACTIVE))
        .end();
    writeCounts(json.name("requests"), now, start, Instrument.REQUESTS_TOTAL);
    writeCounts(json.name("connections"), now, start, Instrument.CONNECTIONS_TOTAL);
    writeCounts(json.name("sent"), now, start, Instrument.BYTES_SENT_TOTAL);
    writeCounts(json.name("received"), now, start, Instrument.BYTES_RECEIVED_TOTAL);
    writeCounts(json.name("statuses"), now, start, Instrument.REQUESTS_BY_STATUS, Dimension.STATUS);
    writeCounts(
        json.name("errors"), now, start, Instrument.ERRORS_TOTAL, Dimension.ERROR, Dimension.SIDE);
    writeCounts(json.name("attempts"), now, start, Instrument.ATTEMPTS_TOTAL, Dimension.OUTCOME);
    writeUpstreams(json.name("upstreams"), now, start);
    writeLatencies(json.name("latencies"), now, start);
  }

  static void writeHealth(Json json, Health health) {
    json.name("exporters").array();
    for (ExporterHealth exporter : health.exporters()) {
      Instant last = exporter.lastSuccess();
      json.array()
          .value(exporter.exporter())
          .value(exporter.signal())
          .value(exporter.healthy())
          .value(last == null ? 0 : last.toEpochMilli())
          .value(exporter.delivered())
          .value(exporter.queued())
          .value(exporter.failures())
          .value(exporter.totalDropped())
          .end();
    }
    json.end();
    Faults faults = health.faults();
    json.name("guard")
        .array()
        .value(faults.guardTripped())
        .value(faults.errors())
        .value(sum(faults.callbackErrors()))
        .value(sum(faults.seriesOverflow()))
        .value(sum(faults.lateCalls()))
        .end();
  }

  /** Rows of labels, the count within the window, and that since the start. */
  private static void writeCounts(
      Json json, Reading now, Reading start, Instrument instrument, Dimension... dimensions) {
    Map<List<String>, Long> before = start.sums(instrument, dimensions);
    json.array();
    now.sums(instrument, dimensions)
        .forEach(
            (labels, total) -> {
              if (total > 0) {
                json.array();
                labels.forEach(json::value);
                json.value(Math.max(0, total - before.getOrDefault(labels, 0L)));
                json.value(total).end();
              }
            });
    json.end();
  }

  /** Only a layer has attempts by upstream. */
  private static void writeUpstreams(Json json, Reading now, Reading start) {
    Instrument instrument = Instrument.UPSTREAM_DURATION_SECONDS;
    Dimension[] dimensions = {Dimension.UPSTREAM, Dimension.SERVER_ADDRESS, Dimension.SERVER_PORT};
    Map<List<String>, Distribution> before = start.distributions(instrument, dimensions);
    json.array();
    now.distributions(instrument, dimensions).entrySet().stream()
        .limit(MAX_ROWS)
        .forEach(
            row -> {
              Distribution all = row.getValue();
              Distribution earlier = before.get(row.getKey());
              Distribution recent = earlier == null ? all : all.since(earlier);
              json.array().value(name(row.getKey())).value(recent.count());
              writeQuantiles(json, recent);
              json.value(all.count()).end();
            });
    json.end();
  }

  private static String name(List<String> labels) {
    if (!labels.get(0).isEmpty()) {
      return labels.get(0);
    }
    return labels.get(2).isEmpty() ? labels.get(1) : labels.get(1) + ':' + labels.get(2);
  }

  private static void writeLatencies(Json json, Reading now, Reading start) {
    json.array();
    for (Instrument instrument : LATENCIES) {
      Distribution all = now.distribution(instrument);
      Distribution recent = all.since(start.distribution(instrument));
      json.array().value(recent.count());
      writeQuantiles(json, recent);
      json.value(all.count());
      writeQuantiles(json, all);
      json.end();
    }
    json.end();
  }

  private static void writeQuantiles(Json json, Distribution distribution) {
    for (double rank : RANKS) {
      json.value(MILLIS * distribution.quantile(rank));
    }
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
