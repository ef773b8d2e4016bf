package io.github.proxytelemetry.testbed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scrape of {@code /metrics} in the text format 0.0.4.
 *
 * @param text as it was sent
 * @param samples the values by the series' name and labels as they stand in the text
 */
public record Scrape(String text, Map<String, Double> samples) {
  private static final List<String> ACTIVE =
      List.of(
          "privacy_proxy_connections_active",
          "privacy_proxy_requests_in_progress",
          "http_server_active_requests",
          "privacy_proxy_tunnels_active");
  private static final Pattern LE = Pattern.compile("le=\"([^\"]+)\"");

  /** Scrapes once. */
  public static Scrape of(InetSocketAddress metrics) throws IOException, InterruptedException {
    return parse(get(metrics, "text/plain;version=0.0.4"));
  }

  /** What is served to a client that accepts that media type. */
  public static String get(InetSocketAddress metrics, String accept)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + authority(metrics) + "/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(10))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  /**
   * Scrapes until a condition holds.
   *
   * @throws AssertionError if the time is up before; its message is the last scrape
   */
  public static Scrape await(InetSocketAddress metrics, Duration limit, Predicate<Scrape> condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Scrape scrape = of(metrics);
    while (!condition.test(scrape)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so in " + limit + ":\n" + scrape.text());
      }
      TimeUnit.MILLISECONDS.sleep(20);
      scrape = of(metrics);
    }
    return scrape;
  }

  /**
   * The value of one series, such as {@code up} or {@code up{job="a"}}; 0 where it is not there.
   */
  public double value(String series) {
    return samples.getOrDefault(series, 0.0);
  }

  /** The sum over all series of that name. */
  public double sum(String name) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().equals(name) || sample.getKey().startsWith(name + '{'))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The sum over those series of that name that have a label, such as {@code side="proxy"}. */
  public double sum(String name, String label) {
    return samples.entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(name + '{'))
        .filter(sample -> sample.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Whether no connection of a client, no request and no tunnel is active. */
  public boolean isIdle() {
    return ACTIVE.stream().allMatch(name -> sum(name) == 0);
  }

  /** What was added to each series since an earlier scrape. */
  public Scrape since(Scrape earlier) {
    Map<String, Double> added = new LinkedHashMap<>();
    samples.forEach((series, value) -> added.put(series, value - earlier.value(series)));
    return new Scrape(text, added);
  }

  /**
   * A quantile of a histogram, interpolated within its bucket as Prometheus does.
   *
   * @return the quantile, or NaN for a histogram without values
   */
  public double quantile(double quantile, String histogram) {
    TreeMap<Double, Double> buckets = new TreeMap<>();
    samples.forEach(
        (series, value) -> {
          Matcher le = LE.matcher(series);
          if (series.startsWith(histogram + "_bucket{") && le.find()) {
            buckets.merge(number(le.group(1)), value, Double::sum);
          }
        });
    double rank = quantile * (buckets.isEmpty() ? 0 : buckets.lastEntry().getValue());
    double lowerBound = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      if (rank > 0 && bucket.getValue() >= rank) {
        return Double.isInfinite(bucket.getKey())
            ? lowerBound
            : lowerBound
                + (bucket.getKey() - lowerBound) * (rank - below) / (bucket.getValue() - below);
      }
      lowerBound = bucket.getKey();
      below = bucket.getValue();
    }
    return Double.NaN;
  }

  /** RFC 3986, section 3.2.2: an IPv6 address stands in brackets. */
  static String authority(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
  }

  static Scrape parse(String text) {
    Map<String, Double> samples = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.indexOf('{') < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
              String value = line.substring(end).strip().split(" ", -1)[0];
              samples.put(line.substring(0, end), number(value));
            });
    return new Scrape(text, samples);
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace("Inf", "Infinity"));
  }
}
