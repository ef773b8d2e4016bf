package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.ExporterHealth;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a listener for scrapes answers, and to how many at once. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ScrapeLimitsTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final PrometheusExport listener =
      PrometheusExport.start(
          "t", new PrometheusSpec("127.0.0.1", 0), PrometheusExport.SCRAPE_NANOS);
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(listener.addSource()).build();

  @AfterEach
  void stop() {
    gate.countDown();
    listener.close();
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /metrics, 200",
    "HEAD, /metrics, 200",
    "POST, /metrics, 405",
    "DELETE, /metrics, 405",
    "TRACE, /metrics, 405",
    "GET, /metricsfoo, 404",
    "GET, /metrics/, 404",
    "GET, /, 200",
    "HEAD, /, 200",
    "PUT, /, 405",
    "GET, /other, 404"
  })
  void answers(String method, String path, int status) throws Exception {
    provider.get("t").counterBuilder("c").build().add(1);
    HttpResponse<String> response = send(method, path);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body().contains("c_total"))
        .isEqualTo(method.equals("GET") && path.equals("/metrics"));
    if (method.equals("GET") && path.equals("/")) {
      assertThat(response.body()).contains("<a href=\"/metrics\">");
    }
    assertThat(listener.stats().read(ExporterHealth::new).healthy()).isTrue();
  }

  @Test
  void refusesScrapes_beyondThoseThatItsMemoryIsFor() throws Exception {
    provider
        .get("t")
        .gaugeBuilder("slow")
        .buildWithCallback(
            measurement -> {
              awaitGate();
              measurement.record(1);
            });
    List<Socket> scrapers = new ArrayList<>();
    InetSocketAddress address = listener.address();
    for (int i = 0; i < 8; i++) {
      Socket socket = new Socket(address.getAddress(), address.getPort());
      scrapers.add(socket);
      socket
          .getOutputStream()
          .write("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    List<Socket> refused = new ArrayList<>();
    while (refused.size() < 4) {
      for (Socket scraper : scrapers) {
        if (!refused.contains(scraper) && scraper.getInputStream().available() > 0) {
          refused.add(scraper);
        }
      }
    }
    gate.countDown();
    for (Socket scraper : scrapers) {
      String line = new String(scraper.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(line).isEqualTo(refused.contains(scraper) ? "HTTP/1.1 503" : "HTTP/1.1 200");
      scraper.close();
    }
  }

  @Test
  void isNotHeldUp_byFortyThatSendHalfARequest() throws Exception {
    List<Socket> hung = new ArrayList<>();
    InetSocketAddress address = listener.address();
    for (int i = 0; i < 40; i++) {
      Socket socket = new Socket(address.getAddress(), address.getPort());
      hung.add(socket);
      socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));
    }
    // Those that found no room are closed, and the rest soon.
    for (Socket socket : hung) {
      assertThat(isClosed(socket)).isTrue();
    }
    assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
  }

  private static boolean isClosed(Socket socket) {
    try (socket) {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept-Encoding", method.equals("HEAD") ? "gzip" : "identity")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
