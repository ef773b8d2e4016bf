package io.github.proxytelemetry.testbed;

import com.github.tomakehurst.wiremock.common.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import wiremock.com.fasterxml.jackson.databind.JsonNode;

/** The real Prometheus, scraping one target once a second. */
public final class RealPrometheus implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  private static final String ONCE_A_SECOND =
      """
      global:
        scrape_interval: 1s
        scrape_timeout: 900ms
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path directory;
  private final RunningProgram program;
  private final String url;

  private RealPrometheus(Path directory, RunningProgram program, String url) {
    this.directory = directory;
    this.program = program;
    this.url = url;
  }

  /**
   * Starts one, and returns once it has scraped the target.
   *
   * @param target where {@code /metrics} is
   */
  public static RealPrometheus scraping(InetSocketAddress target)
      throws IOException, InterruptedException {
    return start(
        "prometheus",
        """
        scrape_configs:
          - job_name: proxy
            static_configs:
              - targets: ['%s']
        """
            .formatted(Scrape.authority(target)));
  }

  /**
   * Starts one, and returns once it has scraped its target.
   *
   * @param program {@code prometheus}, as the system has it, or {@code prometheus3}, which {@code
   *     .ci/receivers} builds
   * @param scrapeConfigs the configuration but for its global settings, with one target
   */
  public static RealPrometheus start(String program, String scrapeConfigs)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("prometheus");
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(config, ONCE_A_SECOND + scrapeConfigs);
    String address = "127.0.0.1:" + FreePort.next();
    RunningProgram running =
        RunningProgram.start(
            List.of(
                program,
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=" + address));
    RealPrometheus prometheus = new RealPrometheus(directory, running, "http://" + address);
    try {
      prometheus.awaitTarget();
      return prometheus;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      prometheus.close();
      throw e;
    }
  }

  /**
   * Asks an instant query.
   *
   * @return the values by their labels, the metric's name among them as {@code __name__}; empty
   *     where nothing matches
   */
  public Map<Map<String, String>, Double> query(String promql)
      throws IOException, InterruptedException {
    JsonNode answer =
        get("/api/v1/query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new AssertionError(promql + " was answered with " + answer);
    }
    Map<Map<String, String>, Double> values = new HashMap<>();
    for (JsonNode series : answer.path("data").path("result")) {
      Map<String, String> labels = new TreeMap<>();
      series
          .path("metric")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      // Prometheus writes NaN and +Inf, which Java spells another way.
      String value = series.path("value").path(1).asText().replace("Inf", "Infinity");
      values.put(labels, Double.valueOf(value));
    }
    return values;
  }

  /**
   * Asks an instant query until it is answered with so many series, as it is some scrapes later.
   *
   * @throws AssertionError if the time is up before; its message is the last answer
   */
  public Map<Map<String, String>, Double> awaitQuery(String promql, Duration limit, int series)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<Map<String, String>, Double> values = query(promql);
    while (values.size() != series) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(promql + " has not " + series + " series: " + values);
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
      values = query(promql);
    }
    return values;
  }

  /**
   * Asks a query for each second of a time that ends now, as a panel of a dashboard does.
   *
   * @return the values of the one series that is the answer, in the order of time
   */
  public List<Double> history(String promql, Duration time)
      throws IOException, InterruptedException {
    double now = System.currentTimeMillis() / 1e3;
    String range = "&step=1&start=" + (now - time.toSeconds()) + "&end=" + now;
    JsonNode answer =
        get(
            "/api/v1/query_range?query="
                + URLEncoder.encode(promql, StandardCharsets.UTF_8)
                + range);
    List<Double> values = new ArrayList<>();
    answer.at("/data/result/0/values").forEach(at -> values.add(at.path(1).asDouble()));
    return values;
  }

  /**
   * Asks an instant query that has one series for an answer.
   *
   * @return its value, or NaN where nothing matches
   */
  public double value(String promql) throws IOException, InterruptedException {
    Map<Map<String, String>, Double> values = query(promql);
    if (values.size() > 1) {
      throw new AssertionError(promql + " has more than one answer: " + values);
    }
    return values.values().stream().findFirst().orElse(Double.NaN);
  }

  @Override
  public void close() throws IOException {
    program.close();
    TemporaryFiles.delete(directory);
  }

  // The first scrape comes seconds after the server is ready, so readiness is not enough.
  private void awaitTarget() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    String health = "not known";
    while (!health.equals("up")) {
      if (!program.isRunning() || System.nanoTime() > deadline) {
        throw new AssertionError("the target is " + health + "\n" + program.output());
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
      health = health();
    }
  }

  private String health() throws IOException, InterruptedException {
    try {
      // Targets are listed as up before their samples can be queried; this series comes with them.
      HttpResponse<String> answer = send("/api/v1/query?query=up");
      // It listens before it is ready, and answers 503 in plain text until then.
      if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
        return "not known";
      }
      String up = Json.node(answer.body()).at("/data/result/0/value/1").asText("");
      return up.equals("1") ? "up" : up.equals("0") ? "down" : "not known";
    } catch (ConnectException notListeningYet) {
      return "not known";
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return Json.node(send(path).body());
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(10)).build();
    return client.send(request, BodyHandlers.ofString());
  }
}
