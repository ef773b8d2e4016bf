package io.github.proxytelemetry.examples.jetty.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.examples.jetty.ObservedServer;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests of curl, and the metrics of them in Prometheus. */
@RequiresProgram("curl")
class ForwardProxyTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void countsWhatCurlDoes() throws Exception {
    try (TestOrigin origin = TestOrigin.start();
        TestOrigin tls = TestOrigin.start(TlsFixture.create());
        ObservedServer proxy = ForwardProxy.start(0, 0)) {
      assertThat(curl(proxy, "http://" + origin.authority() + "/hello"))
          .contains("HTTP/1.1 200")
          .containsPattern("(?i)server-timing: proxy;dur=[0-9]")
          .endsWith("hello");
      assertThat(curl(proxy, "https://" + tls.authority() + "/hello")).endsWith("hello");
      assertThat(curl(proxy, "http://127.0.0.1:" + FreePort.next() + "/")).contains("502");
      assertThat(curl(proxy, "https://127.0.0.1:" + FreePort.next() + "/")).contains("502");
      Scrape scrape =
          Scrape.await(
              proxy.metricsAddress(),
              LIMIT,
              s ->
                  s.sum("privacy_proxy_requests_total") == 4
                      && s.sum("privacy_proxy_connections_active") == 0
                      && s.sum("privacy_proxy_tunnels_active") == 0);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}")).isEqualTo(2);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"502\"}")).isEqualTo(2);
      assertThat(
              scrape.value(
                  "privacy_proxy_errors_total{error=\"connection_refused\",side=\"upstream\"}"))
          .isEqualTo(2);
      assertThat(scrape.sum("privacy_proxy_connections_total")).isEqualTo(4);
      assertThat(scrape.sum("jetty_threads")).isPositive();
    }
  }

  private static String curl(ObservedServer proxy, String url) throws Exception {
    return Program.run(
            List.of(
                "curl",
                "--silent",
                "--insecure",
                "--max-time",
                "20",
                "--dump-header",
                "-",
                "--proxy",
                "http://127.0.0.1:" + proxy.address().getPort(),
                url))
        .output();
  }
}
