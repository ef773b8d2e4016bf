package io.github.proxytelemetry.hosts.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testing.RecordedAttempt;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordedFailure;
import io.github.proxytelemetry.testing.RecordedMessages;
import io.github.proxytelemetry.testing.RecordedTunnel;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.github.proxytelemetry.testing.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Totals of a recorder, by the series that the real back end has to export for them. */
final class Totals {
  private static final List<String> COUNTED =
      List.of(
          "privacy_proxy_requests_total",
          "privacy_proxy_requests_by_status",
          "privacy_proxy_errors_total",
          "privacy_proxy_attempts_total",
          "privacy_proxy_bytes_received_total",
          "privacy_proxy_bytes_sent_total",
          "privacy_proxy_connections_total",
          "privacy_proxy_tunnel_duration_seconds_count");

  private final Map<String, Double> series = new TreeMap<>();

  private Totals() {}

  static Totals of(RecordingProxyTelemetry recorder) {
    Totals totals = new Totals();
    recorder.exchanges().stream()
        .filter(exchange -> exchange.terminal() != Terminal.DISCARDED)
        .forEach(totals::add);
    recorder.attempts().forEach(totals::add);
    recorder.tunnels().forEach(totals::add);
    totals.add("privacy_proxy_connections_total", recorder.connections().size());
    totals.add("privacy_proxy_tunnel_duration_seconds_count", recorder.tunnels().size());
    totals.series.values().removeIf(count -> count == 0);
    return totals;
  }

  /** Asserts that a scrape has these series, and no others of the same metrics. */
  void assertEqual(Scrape scrape) {
    Map<String, Double> scraped = new TreeMap<>();
    scrape
        .samples()
        .forEach(
            (name, value) -> {
              String key = name(name);
              if (value != 0 && !key.isEmpty()) {
                scraped.merge(key, value, Double::sum);
              }
            });
    assertThat(scraped).as("series of the real back end").isEqualTo(series);
  }

  private void add(RecordedExchange exchange) {
    add("privacy_proxy_requests_total", 1);
    add("privacy_proxy_requests_by_status " + status(exchange), 1);
    RecordedFailure blame = blame(exchange);
    if (blame != null) {
      add("privacy_proxy_errors_total " + label(blame.error()) + " " + label(blame.side()), 1);
    }
  }

  private void add(RecordedAttempt attempt) {
    add("privacy_proxy_attempts_total " + outcome(attempt), 1);
    add("privacy_proxy_bytes_sent_total", attempt.requestBytes());
    add("privacy_proxy_bytes_received_total", attempt.responseBytes());
  }

  /** An origin may switch protocols, asked or not, and send on. */
  private void add(RecordedTunnel tunnel) {
    add("privacy_proxy_bytes_sent_total", tunnel.bytesToUpstream());
    add("privacy_proxy_bytes_received_total", tunnel.bytesToDownstream());
  }

  private void add(String name, long count) {
    series.merge(name, (double) count, Double::sum);
  }

  private static String status(RecordedMessages exchange) {
    RecordedFailure failure = exchange.failure();
    boolean aborted = failure != null && failure.error() == ProxyError.CLIENT_ABORT;
    int status = exchange.status();
    if (status == 0 && aborted) {
      return "aborted";
    }
    return (status < 200 && status != 101) || status > 599 ? "none" : Integer.toString(status);
  }

  /** Its own failure, or that of its last attempt, unless any attempt succeeded. */
  private static @Nullable RecordedFailure blame(RecordedExchange exchange) {
    List<RecordedAttempt> attempts = exchange.attempts();
    if (exchange.blame() != null || attempts.isEmpty()) {
      return exchange.blame();
    }
    boolean succeeded = attempts.stream().anyMatch(each -> each.terminal() == Terminal.ENDED);
    RecordedAttempt last = attempts.get(attempts.size() - 1);
    return succeeded || outcome(last).equals("canceled") ? null : last.failure();
  }

  private static String outcome(RecordedAttempt attempt) {
    RecordedFailure failure = attempt.failure();
    if (attempt.terminal() == Terminal.CANCELLED
        || (failure != null && failure.error() == ProxyError.CLIENT_ABORT)) {
      return "canceled";
    }
    if (failure == null) {
      return "success";
    }
    return label(failure.error()).endsWith("timeout") ? "timeout" : "failed";
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The key of a series in {@link #series}; empty if it is not of the metrics compared. */
  private static String name(String sample) {
    int end = sample.indexOf('{') < 0 ? sample.length() : sample.indexOf('{');
    String metric = sample.substring(0, end);
    if (!COUNTED.contains(metric)) {
      return "";
    }
    return switch (metric) {
      case "privacy_proxy_requests_by_status" -> metric + label(sample, "status");
      case "privacy_proxy_errors_total" -> metric + label(sample, "error") + label(sample, "side");
      case "privacy_proxy_attempts_total" -> metric + label(sample, "outcome");
      default -> metric;
    };
  }

  private static String label(String sample, String key) {
    int from = sample.indexOf(key + "=\"") + key.length() + 2;
    return " " + sample.substring(from, sample.indexOf('"', from));
  }
}
