package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleServerTest {
  private static final Upstream UPSTREAM = Upstream.named("shop", "shop.test", 8443);

  @Test
  void showsWhatWasRecorded() throws Exception {
    try (Console console =
        Console.start(
            telemetry ->
                telemetry
                    .prometheus("127.0.0.1", 0)
                    .recording(
                        recording ->
                            recording.layers(Layers.builder().metrics(Group.BACKEND).build())),
            page -> {})) {
      Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      Proxied.refused(console.telemetry);

      JsonNode state = console.await(page -> page.at("/requests/0/1").asInt() == 2);
      assertThat(state.at("/service").asText()).isEqualTo("edge");
      assertThat(rows(state, "statuses")).containsExactly("200:1", "502:1");
      assertThat(rows(state, "errors")).containsExactly("connection_refused,upstream:1");
      assertThat(rows(state, "attempts")).containsExactly("failed:1", "success:1");
      assertThat(state.at("/upstreams")).hasSize(2);
      assertThat(state.at("/upstreams/1/0").asText()).isEqualTo("shop");
      assertThat(state.at("/active").toString()).isEqualTo("[0,0,0]");
      // The processing time, the queue, connects, first bytes: counts and quantiles.
      assertThat(state.at("/latencies/0/4").asInt()).isEqualTo(2);
      assertThat(state.at("/latencies/1/4").asInt()).isEqualTo(1);
      assertThat(state.at("/latencies/2/4").asInt()).isEqualTo(1);
      assertThat(state.at("/latencies/2/6").asDouble()).isPositive();
      assertThat(state.at("/latencies/3/4").asInt()).isEqualTo(1);
      assertThat(state.at("/exporters/0/0").asText()).isEqualTo("prometheus");
      assertThat(state.at("/guard/0").asBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("namings")
  void findsTheMetrics_underAnyNames(MetricNaming naming) throws Exception {
    Layers layers = Layers.builder().metrics(Group.BACKEND, Group.PROXY).build();
    try (Console console =
        Console.start(
            telemetry -> telemetry.recording(recording -> recording.naming(naming).layers(layers)),
            page -> {})) {
      Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      JsonNode state = console.await(page -> page.at("/requests/0/1").asInt() == 2);
      assertThat(rows(state, "statuses")).containsExactly("200:2");
      assertThat(rows(state, "attempts")).containsExactly("success:2");
      assertThat(state.at("/latencies/0/4").asInt()).isEqualTo(2);
      assertThat(state.at("/latencies/2/4").asInt()).isEqualTo(2);
      // KrakenD has one name for the layers of the proxy and of its upstreams.
      assertThat(state.at("/upstreams")).hasSize(1);
      assertThat(state.at("/upstreams/0/5").asInt()).isEqualTo(2);
    }
  }

  static List<MetricNaming> namings() {
    return List.of(
        MetricNaming.PRIVACY_PROXY,
        MetricNaming.KRAKEND,
        MetricNaming.SEMCONV,
        MetricNaming.privacyProxy(""));
  }

  @Test
  void showsRatesOfTheWindow_andChartPoints() throws Exception {
    try (Console console = Console.start()) {
      console.await(page -> page.at("/window").asDouble() > 0);
      Proxied.refused(console.telemetry);
      JsonNode state = console.await(page -> page.at("/requests/0/0").asInt() == 1);
      assertThat(state.at("/points")).isNotEmpty();
      console.await(page -> page.at("/requests/0/0").asInt() == 0);
      // A page that is opened now gets the past: time, six classes, errors, four latencies.
      JsonNode later = console.await(page -> page.at("/first").asBoolean());
      assertThat(later.at("/points")).hasSizeGreaterThan(10);
      double fives = 0;
      for (JsonNode point : later.at("/points")) {
        assertThat(point).hasSize(12);
        fives += point.get(6).asDouble();
      }
      assertThat(fives).isPositive();
    }
  }

  @Test
  void showsPartsOfAnExchange_whereTheirLayersAreOn() throws Exception {
    Layers layers =
        Layers.builder().traces(Group.PROXY, Group.ROUND_TRIP, Group.DETAILED_CONNECTION).build();
    try (Console console =
        Console.start(
            telemetry -> telemetry.recording(recording -> recording.layers(layers)), page -> {})) {
      Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      JsonNode exchange =
          console.await(page -> page.at("/exchanges").size() == 1).at("/exchanges/0");
      assertThat(exchange.at("/name").asText()).isEqualTo("GET /cart");
      assertThat(exchange.at("/status").asInt()).isEqualTo(200);
      assertThat(parts(exchange))
          .containsSubsequence("QUEUE", "DNS", "CONNECT", "TLS", "FIRST_BYTE", "PAYLOAD");
      // They follow each other, and are all of it.
      double end = 0;
      for (JsonNode part : exchange.at("/parts")) {
        assertThat(part.get(1).asDouble()).isCloseTo(end, within());
        end = part.get(1).asDouble() + part.get(2).asDouble();
      }
      assertThat(end).isCloseTo(exchange.at("/total").asDouble(), within());
      assertThat(exchange.at("/spans")).hasSize(3);
    }
  }

  @Test
  void showsUsAndTheOrigin_withoutLayers() throws Exception {
    try (Console console = Console.start()) {
      Proxied.exchange(console.telemetry, "/cart", "/cart", UPSTREAM);
      Proxied.refused(console.telemetry);
      JsonNode state = console.await(page -> page.at("/exchanges").size() == 2);
      // The newest first.
      assertThat(state.at("/exchanges/0/error").asText()).isEqualTo("connection_refused");
      assertThat(parts(state.at("/exchanges/1"))).contains("ORIGIN").doesNotContain("FIRST_BYTE");
      assertThat(state.at("/exchanges/1/origin").asDouble()).isPositive();
    }
  }

  @Test
  void showsNoExchange_whenPrivacyIsStrict() throws Exception {
    try (Console console =
        Console.start(
            telemetry -> telemetry.recording(recording -> recording.privacy(Privacy.STRICT)),
            page -> {})) {
      Proxied.exchange(console.telemetry, "/secret", "/secret", UPSTREAM);
      JsonNode state = console.await(page -> page.at("/requests/0/1").asInt() == 1);
      assertThat(state.at("/strict").asBoolean()).isTrue();
      assertThat(state.at("/exchanges")).isEmpty();
      assertThat(state.toString()).doesNotContain("secret", "shop");
    }
  }

  @Test
  void servesAnEmptyPage_whenTelemetryIsOff() throws Exception {
    try (ProxyTelemetrySdk off =
            ProxyTelemetrySdk.fromMap(Map.of("OTEL_SDK_DISABLED", "true")).liveView().build();
        ConsoleServer console = ConsoleServer.start(off, 0)) {
      assertThat(off.isEnabled()).isFalse();
      assertThat(console.url()).startsWith("http://127.0.0.1:");
      assertThat(new State(off, new Toggles()).first()).contains("\"off\":true");
    }
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    try (ProxyTelemetrySdk telemetry =
            ProxyTelemetrySdk.builder("edge").prometheus("127.0.0.1", 0).build();
        Console console = Console.start();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> ConsoleServer.start(telemetry, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected a telemetry that was built with liveView()");
      assertThatThrownBy(() -> ConsoleServer.start(console.telemetry, 65536))
          .hasMessage("console port: invalid value 65536; expected 1 to 65535, or 0 for any");
      assertThatThrownBy(() -> ConsoleServer.start(console.telemetry, taken.getLocalPort()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be opened");
      ConsoleServerBuilder open = ConsoleServer.builder(console.telemetry).listen("0.0.0.0", 0);
      assertThatThrownBy(open::start)
          .hasMessageContaining("\"0.0.0.0\" without basicAuth(...)")
          .hasMessageContaining("expected a loopback address such as 127.0.0.1, or a password");
      assertThatThrownBy(() -> open.basicAuth("us:er", "hidden"))
          .hasMessage("console user: invalid value ***; expected a name without a colon");
      assertThatThrownBy(() -> open.basicAuth("user", ""))
          .hasMessage("console password: invalid value \"\"; expected one that is not empty");
    }
  }

  @Test
  void leavesNothingBehind_whenClosed() throws Exception {
    ConsoleServer server;
    try (Console console = Console.start()) {
      console.await(page -> true);
      server = console.server;
    }
    int port = Integer.parseInt(server.url().replaceAll(".*:|/", ""));
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
    long deadline = System.nanoTime() + Console.LIMIT.toNanos();
    while (threads().size() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(threads()).isEmpty();
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("proxy-telemetry-console"))
        .toList();
  }

  private static Offset<Double> within() {
    return Offset.offset(0.01);
  }

  private static List<String> parts(JsonNode exchange) {
    return exchange.at("/parts").valueStream().map(part -> part.get(0).asText()).toList();
  }

  /** Labels, and the count since the start. */
  private static List<String> rows(JsonNode state, String name) {
    return state
        .at("/" + name)
        .valueStream()
        .map(
            row ->
                String.join(
                        ",",
                        row.valueStream()
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::asText)
                            .toList())
                    + ":"
                    + row.get(row.size() - 1))
        .toList();
  }
}
