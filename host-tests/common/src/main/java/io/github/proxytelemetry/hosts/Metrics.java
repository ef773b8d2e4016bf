package io.github.proxytelemetry.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One scrape of the real back end. */
record Metrics(String text) {
  private static final Pattern BY_STATUS =
      Pattern.compile("privacy_proxy_requests_by_status\\{[^}]*status=\"(\\w+)\"[^}]*} (\\S+)");

  /** Scrapes until nothing is active any more, as connections end a little after the proxy. */
  static Metrics awaitIdle(ProxyTelemetrySdk sdk, Duration limit) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    Metrics metrics = of(sdk);
    while (metrics.active() > 0 && System.nanoTime() < deadline) {
      metrics = of(sdk);
    }
    return metrics;
  }

  void assertCounted(Map<Integer, Integer> statuses, boolean withoutLateCalls) {
    TreeMap<String, Integer> expected = new TreeMap<>();
    statuses.forEach((status, count) -> expected.put(String.valueOf(status), count));
    TreeMap<String, Integer> counted = new TreeMap<>();
    Matcher sample = BY_STATUS.matcher(text);
    while (sample.find()) {
      counted.put(sample.group(1), (int) Double.parseDouble(sample.group(2)));
    }
    counted.values().removeIf(count -> count == 0);
    int total = statuses.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(counted).as("requests by status").isEqualTo(expected);
    assertThat(sum("privacy_proxy_requests_total")).as("requests").isEqualTo(total);
    assertThat(active()).as("active connections, requests and tunnels").isZero();
    assertThat(nonZero("privacy_proxy_telemetry_errors_total")).isEmpty();
    if (withoutLateCalls) {
      assertThat(nonZero("privacy_proxy_telemetry_late_calls_total")).isEmpty();
    }
  }

  private static Metrics of(ProxyTelemetrySdk sdk) throws Exception {
    InetSocketAddress address = sdk.prometheusAddress("prometheus");
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Accept", "text/plain;version=0.0.4").build();
    return new Metrics(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
  }

  private double active() {
    return sum("privacy_proxy_requests_in_progress")
        + sum("privacy_proxy_connections_active")
        + sum("privacy_proxy_tunnels_active");
  }

  private List<String> nonZero(String name) {
    return text.lines().filter(line -> line.startsWith(name) && !line.endsWith(" 0.0")).toList();
  }

  private double sum(String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
