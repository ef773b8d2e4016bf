package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.github.proxytelemetry.testbed.DocumentedConfiguration;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.RealPrometheus;
import io.github.proxytelemetry.testbed.ReceivedTelemetry;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What came of KrakenD's example: two requests of the endpoint {@code /hello}, one that the backend
 * does not know, one that it fails, one that nobody answers, one that takes too long, one that the
 * client gives up, and one of a path to skip.
 *
 * @param scrape the proxy's own metrics when nothing was open any more
 * @param asked what Prometheus had of the exchanges
 * @param received what the collector had when the proxy had stopped
 * @param sent the headers that the origin received
 */
record KrakendTraffic(
    Scrape scrape,
    Map<Map<String, String>, Double> asked,
    ReceivedTelemetry received,
    List<Headers> sent) {
  static final String HELLO = "/hello";
  static final String STATUS = "/status";
  static final String GONE = "/gone";
  static final String SLOW = "/slow";
  static final int SKIPPED = 5;
  private static final int PROMETHEUS_PORT = 9092;
  private static final int COLLECTOR_PORT = 4317;

  static KrakendTraffic send(Path directory) throws Exception {
    FreePort.await(InetAddress.getLoopbackAddress(), COLLECTOR_PORT);
    InetAddress ipv6 = InetAddress.getAllByName("::1")[0];
    FreePort.await(ipv6, PROMETHEUS_PORT);
    InetSocketAddress metrics = new InetSocketAddress(ipv6, PROMETHEUS_PORT);
    Path file = directory.resolve("krakend.json");
    Files.writeString(file, DocumentedConfiguration.KRAKEND.text());
    try (TestOrigin origin = TestOrigin.start();
        OtlpGrpcReceiver collector = OtlpGrpcReceiver.start(COLLECTOR_PORT);
        ConfiguredFixture proxy = ConfiguredFixture.start(origin, command(file, origin), Map.of());
        RealPrometheus prometheus = RealPrometheus.scraping(metrics)) {
      send(proxy, origin);
      Scrape scrape = Scrape.await(metrics, ProxyFixture.LIMIT, Scrape::isIdle);
      Map<Map<String, String>, Double> asked =
          prometheus.awaitQuery("global_response_latency_seconds_count", ProxyFixture.LIMIT, 6);
      proxy.stop();
      return new KrakendTraffic(scrape, asked, collector.received(), origin.receivedHeaders());
    }
  }

  private static List<String> command(Path file, TestOrigin origin) throws Exception {
    return Program.java(
        List.of(), ConfiguredProxy.class, "krakend", file.toString(), endpoints(origin));
  }

  private static String endpoints(TestOrigin origin) throws Exception {
    return String.join(
        ",",
        "/foo/{bar}=" + origin.authority(),
        HELLO + '=' + origin.authority(),
        STATUS + "=localhost:" + origin.port(),
        SLOW + '=' + origin.authority(),
        GONE + "=127.0.0.1:" + FreePort.next());
  }

  private static void send(ConfiguredFixture proxy, TestOrigin origin) throws Exception {
    assertThat(proxy.get(HELLO).status()).isEqualTo(200);
    try (RawClient client = proxy.client()) {
      client.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(proxy.get("/status?code=404").status()).isEqualTo(404);
    assertThat(proxy.get("/status?code=503").status()).isEqualTo(503);
    assertThat(proxy.get("/foo/7", ConfiguredFixture.SAMPLED).status()).isEqualTo(404);
    assertThat(proxy.get(GONE).status()).isEqualTo(502);
    assertThat(proxy.get("/slow?ms=60000").status()).isEqualTo(504);
    try (RawClient client = proxy.client()) {
      client.send("GET /slow?ms=60000 HTTP/1.1\r\nHost: x\r\n\r\n");
      origin.awaitRequests(7, ProxyFixture.LIMIT);
      client.reset();
    }
  }
}
