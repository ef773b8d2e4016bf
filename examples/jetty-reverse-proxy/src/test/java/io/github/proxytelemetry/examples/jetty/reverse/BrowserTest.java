package io.github.proxytelemetry.examples.jetty.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.Browser;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A real browser, on a page that reports what scripts see of {@code Server-Timing}. */
@RequiresProgram("chromium")
class BrowserTest {
  /** A browser that starts for the first time takes its time. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String MEMBER = "proxy;dur=";
  private static final String PAGE =
      """
      <!doctype html><title>page</title><link rel="icon" href="data:,">
      <script>
      const timings = entry =>
        entry.serverTiming.map(timing => timing.name + ';dur=' + timing.duration).join();
      addEventListener('load', async () => {
        const hello = await fetch('/hello');
        const entry = new Promise(found =>
          new PerformanceObserver(list =>
            list.getEntries().filter(entry => entry.name.endsWith('/hello')).forEach(found)
          ).observe({type: 'resource', buffered: true}));
        const lines = [
          await hello.text(),
          hello.headers.get('server-timing'),
          timings(await entry),
          timings(performance.getEntriesByType('navigation')[0])
        ];
        await fetch('/report', {method: 'POST', body: lines.join('\\n')});
      });
      </script>
      """;

  /** The page and what its script fetches; the report is a {@code POST}. */
  private static final int GETS = 2;

  @Test
  void showsServerTimingToScripts() throws Exception {
    try (TestOrigin origin = TestOrigin.start();
        ObservedServer proxy = ReverseProxy.start(0, 0, origin.authority())) {
      origin.addPage("/page", "text/html", PAGE);
      List<String> report;
      Scrape scrape;
      String url = "http://127.0.0.1:" + proxy.address().getPort() + "/page";
      try (Browser browser = Browser.open(url)) {
        report = browser.awaitReport(origin, LIMIT).lines().toList();
        scrape = Scrape.await(proxy.metricsAddress(), LIMIT, BrowserTest::isAnswered);
      }
      assertThat(report).hasSize(4).startsWith("hello");
      assertThat(report.get(1)).matches("proxy;dur=\\d+\\.\\d");
      assertThat(duration(report.get(2))).isEqualTo(duration(report.get(1)));
      assertThat(duration(report.get(3))).isNotNegative();

      assertThat(scrape.value("privacy_proxy_requests_total{method=\"GET\"}")).isEqualTo(GETS);
      assertThat(scrape.value("privacy_proxy_requests_total{method=\"POST\"}")).isEqualTo(1);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}")).isEqualTo(GETS);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo((double) origin.requests());
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    }
  }

  /** Scripts see a number, and show 3.0 as 3. */
  private static double duration(String timing) {
    assertThat(timing).startsWith(MEMBER);
    return Double.parseDouble(timing.substring(MEMBER.length()));
  }

  private static boolean isAnswered(Scrape scrape) {
    return scrape.value("privacy_proxy_requests_by_status{status=\"204\"}") == 1
        && scrape.sum("privacy_proxy_requests_in_progress") == 0;
  }
}
