package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.Browser;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real browser, on a page that fetches known URLs and reports what it got. */
@RequiresProgram("chromium")
class BrowserTest {
  /** A browser that starts for the first time takes its time. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String MEMBER = "proxy;dur=";
  private static final Map<String, String> IMAGES =
      Map.of("/a.svg", "red", "/b.svg", "green", "/c.svg", "blue");
  private static final String STYLE = "body { background: white }";
  private static final String SCRIPT =
      """
      const timings = entry =>
        entry.serverTiming.map(timing => timing.name + ';dur=' + timing.duration).join();
      const entryOf = path => new Promise(found =>
        new PerformanceObserver(list =>
          list.getEntries().filter(entry => entry.name.endsWith(path)).forEach(found)
        ).observe({type: 'resource', buffered: true}));
      addEventListener('load', async () => {
        const hello = await fetch('/hello');
        const text = await hello.text();
        const missing = await fetch('/missing');
        const report = {
          text,
          missing: missing.status,
          images: [...document.images].filter(image => image.naturalWidth > 0).length,
          header: hello.headers.get('server-timing'),
          resource: timings(await entryOf('/hello')),
          navigation: timings(performance.getEntriesByType('navigation')[0])
        };
        const lines = Object.entries(report).map(([key, value]) => key + '=' + value);
        await fetch('/report', {method: 'POST', body: lines.join('\\n')});
      });
      """;
  private static final String PAGE =
      """
      <!doctype html><title>page</title><link rel="icon" href="data:,">
      <link rel="stylesheet" href="/style.css"><script src="/script.js"></script>
      <img src="/a.svg"><img src="/b.svg"><img src="/c.svg">
      """;

  /** The page, its style, its script, its images, what the script fetches, and the report. */
  private static final int GETS = 8;

  private static final int POSTS = 1;

  private ProxyFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = ProxyFixture.start();
    for (TestOrigin origin : new TestOrigin[] {fixture.origin, fixture.tlsOrigin}) {
      origin.addPage("/page", "text/html", PAGE);
      origin.addPage("/style.css", "text/css", STYLE);
      origin.addPage("/script.js", "text/javascript", SCRIPT);
      IMAGES.forEach((path, color) -> origin.addPage(path, "image/svg+xml", image(color)));
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void countsWhatAPageAsksFor() throws Exception {
    String text;
    try (Browser browser = browse("http://" + fixture.origin.authority() + "/page")) {
      text = browser.awaitReport(fixture.origin, LIMIT);
      fixture.await(BrowserTest::isAnswered);
    }
    checkPage(report(text));
    Scrape scrape = fixture.awaitIdle();

    assertThat(fixture.origin.requests()).isEqualTo(GETS + POSTS);
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(GETS + POSTS);
    assertThat(scrape.value("privacy_proxy_requests_total{method=\"GET\"}")).isEqualTo(GETS);
    assertThat(scrape.value("privacy_proxy_requests_total{method=\"POST\"}")).isEqualTo(POSTS);
    assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}"))
        .isEqualTo(GETS - 1);
    assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"204\"}")).isEqualTo(1);
    assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"404\"}")).isEqualTo(1);
    assertThat(scrape.sum("privacy_proxy_requests_by_status")).isEqualTo(GETS + POSTS);
    assertThat(scrape.value("privacy_proxy_attempts_total{outcome=\"success\"}"))
        .isEqualTo(GETS + POSTS);
    assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(GETS + POSTS);
    assertThat(scrape.sum("privacy_proxy_bytes_received_total")).isEqualTo(bodies());
    assertThat(scrape.sum("privacy_proxy_bytes_sent_total")).isEqualTo(length(text));
    assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    assertThat(scrape.sum("privacy_proxy_connections_duration_seconds_count"))
        .isEqualTo(scrape.sum("privacy_proxy_connections_total"));
  }

  @Test
  void countsTunnels() throws Exception {
    String url = "https://" + fixture.tlsOrigin.authority() + "/page";
    String key = "--ignore-certificate-errors-spki-list=" + fixture.tls.publicKeyDigest();
    try (Browser browser = browse(url, key)) {
      checkPage(report(browser.awaitReport(fixture.tlsOrigin, LIMIT)));
      // A browser opens more connections than it needs, and may be about to say the first word.
      fixture.await(
          scrape ->
              scrape.sum("privacy_proxy_connections_total") == fixture.tlsOrigin.handshakes());
      // A browser that leaves first may leave behind bytes that came for a tunnel which is over.
      fixture.tlsOrigin.close();
      fixture.await(scrape -> scrape.sum("privacy_proxy_tunnels_active") == 0);
    }
    Scrape scrape = fixture.awaitIdle();

    assertThat(fixture.tlsOrigin.requests()).isEqualTo(GETS + POSTS);
    double tunnels = fixture.tlsOrigin.handshakes();
    assertThat(tunnels).isPositive();
    assertThat(scrape.value("privacy_proxy_requests_total{method=\"CONNECT\"}")).isEqualTo(tunnels);
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(tunnels);
    assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}")).isEqualTo(tunnels);
    assertThat(scrape.sum("privacy_proxy_connect_latency_seconds_count")).isEqualTo(tunnels);
    assertThat(scrape.sum("privacy_proxy_tunnel_duration_seconds_count")).isEqualTo(tunnels);
    assertThat(scrape.sum("privacy_proxy_connections_total")).isEqualTo(tunnels);
    // TLS adds to what the page weighs, and all of it went through.
    assertThat(scrape.sum("privacy_proxy_bytes_received_total"))
        .isGreaterThan(bodies())
        .isEqualTo(io(scrape, "received"));
    assertThat(scrape.sum("privacy_proxy_bytes_sent_total")).isEqualTo(io(scrape, "sent"));
  }

  @Test
  void showsServerTimingToScripts() throws Exception {
    Map<String, String> report;
    try (Browser browser = browse("http://" + fixture.origin.authority() + "/page")) {
      report = report(browser.awaitReport(fixture.origin, LIMIT));
    }
    assertThat(report.get("header")).matches("proxy;dur=\\d+\\.\\d");
    assertThat(duration(report.get("resource"))).isEqualTo(duration(report.get("header")));
    assertThat(duration(report.get("navigation"))).isNotNegative();
  }

  /** Scripts see a number, and show 3.0 as 3. */
  private static double duration(String timing) {
    assertThat(timing).startsWith(MEMBER);
    return Double.parseDouble(timing.substring(MEMBER.length()));
  }

  private Browser browse(String url, String... options) throws Exception {
    return Browser.open(url, Browser.through(fixture.proxy.address(), options));
  }

  private static boolean isAnswered(Scrape scrape) {
    return scrape.value("privacy_proxy_requests_by_status{status=\"204\"}") == 1
        && scrape.sum("privacy_proxy_requests_in_progress") == 0;
  }

  private static void checkPage(Map<String, String> report) {
    assertThat(report)
        .containsEntry("text", "hello")
        .containsEntry("missing", "404")
        .containsEntry("images", "3");
  }

  private static Map<String, String> report(String text) {
    return text.lines()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private static double io(Scrape scrape, String direction) {
    return scrape.value(
        "privacy_proxy_connection_io_bytes_total{direction=\""
            + direction
            + "\",side=\"upstream\"}");
  }

  private static double bodies() {
    int images = IMAGES.values().stream().mapToInt(color -> length(image(color))).sum();
    return images + length(PAGE) + length(STYLE) + length(SCRIPT) + length("hello");
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String image(String color) {
    return "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'"
        + (" fill='" + color + "'/></svg>");
  }
}
