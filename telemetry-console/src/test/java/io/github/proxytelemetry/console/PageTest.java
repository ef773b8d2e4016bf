package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page as a browser draws it. */
@RequiresProgram("chromium")
class PageTest {
  private static final String HOSTILE = "<img src=x onerror=\"window.hacked=1\"><b id=injected>";
  private static final Upstream UPSTREAM = Upstream.named("shop", "shop.test", 8443);

  @Test
  void answersTheQuestion_andAsksNobodyElse() throws Exception {
    try (Console console =
            Console.start(telemetry -> telemetry.prometheus("127.0.0.1", 0), page -> {});
        OpenPage page = OpenPage.open(console.server.url())) {
      page.await("document.getElementById('answer').textContent.startsWith('No traffic')");
      page.await("document.getElementById('exchange-note').textContent.startsWith('None yet')");
      for (int i = 0; i < 20; i++) {
        Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      }
      Proxied.refused(console.telemetry);
      page.await("document.getElementById('answer').textContent.startsWith('It is ')");
      page.await("document.querySelectorAll('.row').length === 21");
      page.await("document.querySelectorAll('.fall svg').length > 1");
      page.await("document.getElementById('failing').textContent.includes('of the origin')");
      page.await("document.getElementById('errors').textContent.includes('connection_refused')");
      page.await("document.querySelectorAll('#exporters tr').length === 2");
      // No switch without a demo.
      assertThat(page.evaluate("document.getElementById('toggle-card').hidden").asBoolean())
          .isTrue();
      JsonNode asked =
          page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)");
      assertThat(asked).isNotEmpty();
      for (JsonNode url : asked) {
        assertThat(url.asText()).startsWith(console.server.url());
      }
    }
  }

  @Test
  void drawsHostileNamesAsText() throws Exception {
    Upstream upstream = Upstream.named(HOSTILE, HOSTILE, 80);
    Layers layers = Layers.builder().metrics(Group.BACKEND).traces(Group.PROXY).build();
    try (Console console =
            Console.start(
                telemetry ->
                    telemetry
                        .resourceAttribute("service.name", HOSTILE)
                        .recording(recording -> recording.layers(layers)),
                page -> page.toggle(HOSTILE, HOSTILE, on -> {}));
        OpenPage page = OpenPage.open(console.server.url())) {
      for (int i = 0; i < 3; i++) {
        Proxied.exchange(console.telemetry, "/" + HOSTILE, HOSTILE, upstream);
      }
      String text = "textContent.includes('<img src=x onerror=')";
      page.await("document.getElementById('upstreams')." + text);
      page.await("document.getElementById('exchange-list')." + text);
      page.await("document.getElementById('waterfall')." + text);
      page.await("document.getElementById('service')." + text);
      page.await("document.getElementById('toggles')." + text);
      assertThat(page.evaluate("document.querySelectorAll('img, #injected').length").asInt())
          .isZero();
      assertThat(page.evaluate("typeof window.hacked").asText()).isEqualTo("undefined");
    }
  }

  @Test
  void saysWhyThereAreNoExchanges_whenPrivacyIsStrict() throws Exception {
    try (Console console =
            Console.start(
                telemetry -> telemetry.recording(recording -> recording.privacy(Privacy.STRICT)),
                page -> {});
        OpenPage page = OpenPage.open(console.server.url())) {
      Proxied.exchange(console.telemetry, "/secret", "/secret", UPSTREAM);
      page.await("document.getElementById('statuses').textContent.includes('200')");
      page.await("document.getElementById('exchange-note').textContent.includes('STRICT')");
      assertThat(page.evaluate("document.querySelectorAll('.row').length").asInt()).isZero();
    }
  }

  @Test
  void switches() throws Exception {
    List<Boolean> positions = new ArrayList<>();
    try (Console console =
            Console.start(telemetry -> {}, page -> page.toggle("fault", "hint", positions::add));
        OpenPage page = OpenPage.open(console.server.url())) {
      page.await("document.querySelector('.switch') !== null");
      page.evaluate("document.querySelector('.switch').click()");
      console.await(state -> state.at("/toggles/0/2").asBoolean());
      page.await("document.querySelector('.switch').getAttribute('aria-checked') === 'true'");
      assertThat(positions).containsExactly(true);
    }
  }

  @Test
  void fitsAPhone() throws Exception {
    try (Console console = Console.start();
        OpenPage page = OpenPage.open(console.server.url(), "--window-size=390,844")) {
      Proxied.exchange(console.telemetry, "/" + "long".repeat(100), "/x", UPSTREAM);
      page.await("document.querySelectorAll('.row').length === 1");
      assertThat(
              page.evaluate(
                      "document.documentElement.scrollWidth"
                          + " <= document.documentElement.clientWidth")
                  .asBoolean())
          .isTrue();
    }
  }
}
