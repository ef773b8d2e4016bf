package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.Browser;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A real browser talks through the gateway with a WebSocket. */
@RequiresProgram("chromium")
class WebSocketTest {
  /** A browser that starts for the first time takes its time. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MESSAGES = 20;
  private static final String TEXT = "sixteen letters!";
  private static final String PAGE =
      """
      <!doctype html><title>page</title><link rel="icon" href="data:,"><script>
      const socket = new WebSocket('ws://%s/echo');
      let heard = 0;
      const report = text => fetch('/report', {method: 'POST', body: text});
      socket.onopen = () => socket.send('%s');
      socket.onerror = () => report('error');
      socket.onmessage = message => {
        heard += message.data === '%s';
        if (heard < %d) socket.send('%s'); else socket.close(1000);
      };
      socket.onclose = closed => report(heard + ' ' + closed.code + ' ' + closed.wasClean);
      </script>
      """;

  @Test
  void countsWhatABrowserSays() throws Exception {
    try (EchoOrigin echo = new EchoOrigin();
        TestOrigin pages = TestOrigin.start();
        GatewayFixture fixture = GatewayFixture.start(echo.authority())) {
      pages.addPage(
          "/page", "text/html", PAGE.formatted(fixture.authority(), TEXT, TEXT, MESSAGES, TEXT));
      String report;
      try (Browser browser = Browser.open("http://" + pages.authority() + "/page")) {
        report = browser.awaitReport(pages, LIMIT);
      }
      Scrape scrape = fixture.awaitIdle();

      assertThat(report).isEqualTo(MESSAGES + " 1000 true");
      assertThat(echo.messages()).isEqualTo(MESSAGES);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "1.1", 101)).isEqualTo(1);
      assertThat(scrape.value("privacy_proxy_tunnel_duration_seconds_count{kind=\"websocket\"}"))
          .isEqualTo(1);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
      // RFC 6455, section 5.2: a frame's head has 2 bytes, and from a client 4 more for the mask.
      // Both sides close with a code of 2 bytes.
      assertThat(scrape.value("privacy_proxy_bytes_sent_total"))
          .isEqualTo(MESSAGES * (6.0 + TEXT.length()) + 8);
      assertThat(scrape.value("privacy_proxy_bytes_received_total"))
          .isEqualTo(MESSAGES * (2.0 + TEXT.length()) + 4);
    }
  }
}
