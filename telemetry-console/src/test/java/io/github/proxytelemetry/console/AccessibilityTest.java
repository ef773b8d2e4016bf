package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page as axe-core sees it, light and dark, on a desk and on a phone. */
@RequiresProgram("chromium")
class AccessibilityTest {
  private static final Upstream UPSTREAM = Upstream.named("shop", "shop.test", 8443);

  private static final String FOUND =
      """
      axe.run().then(found => ({
        passes: found.passes.length,
        violations: found.violations.flatMap(rule => rule.nodes.map(
          node => `${rule.impact} ${rule.id}: ${node.target} ${node.failureSummary}`)),
      }))
      """;

  @Test
  void hasNoViolation_withNothingOnIt() throws Exception {
    try (Console console = Console.start();
        OpenPage page = OpenPage.open(console.server.url())) {
      page.await("document.getElementById('answer').textContent.startsWith('No traffic')");
      assertThat(violations(page)).isEmpty();
    }
  }

  @Test
  void hasNoViolation_withFaultsAndSwitches() throws Exception {
    String nobody = "http://127.0.0.1:" + FreePort.next();
    Layers layers =
        Layers.builder().metrics(Group.BACKEND).traces(Group.PROXY, Group.ROUND_TRIP).build();
    try (Console console =
            Console.start(
                telemetry ->
                    telemetry
                        .otlp(nobody, otlp -> otlp.http().interval(Duration.ofSeconds(1)))
                        .recording(recording -> recording.layers(layers)),
                page -> page.toggle("off", "a hint", on -> {}).toggle("on", "another", on -> {}));
        OpenPage page = OpenPage.open(console.server.url())) {
      for (int i = 0; i < 5; i++) {
        Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
        Proxied.refused(console.telemetry);
      }
      page.await("document.querySelectorAll('.row').length === 10");
      page.await("document.getElementById('failing').dataset.level === 'bad'");
      page.await("document.getElementById('alert').textContent.startsWith('Export fails')");
      page.await("document.querySelectorAll('#upstreams tr').length > 1");
      page.evaluate("document.querySelectorAll('.switch')[1].click()");
      page.await("document.querySelector('[aria-checked=true]') !== null");
      page.evaluate("document.querySelector('details').open = true");
      assertThat(violations(page)).isEmpty();
    }
  }

  private static List<String> violations(OpenPage page) throws Exception {
    page.evaluate(axe());
    // It redraws once a second, and axe-core takes longer than that for all of its rules.
    page.evaluate("document.getElementById('pause').click()");
    List<String> violations = new ArrayList<>();
    for (int width : new int[] {1360, 390}) {
      page.send(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", width, "height", 844, "deviceScaleFactor", 1, "mobile", false));
      page.await("innerWidth === " + width);
      for (String scheme : List.of("light", "dark")) {
        page.send(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        page.await("matchMedia('(prefers-color-scheme: " + scheme + ")').matches");
        JsonNode found = page.evaluate(FOUND);
        String look = scheme + ", " + width + " wide";
        assertThat(found.at("/passes").asInt()).as("rules kept, %s", look).isGreaterThan(10);
        found.at("/violations").forEach(one -> violations.add(look + ": " + one.asText()));
      }
    }
    return violations;
  }

  private static String axe() throws IOException {
    try (InputStream script = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
