package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.github.proxytelemetry.sdk.ExporterHealth;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.sdk.Scraping;
import io.github.proxytelemetry.testbed.Program;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PrometheusTest {
  private static final String LOOPBACK = "127.0.0.1";
  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  private static final String TEXT = "text/plain";
  private static final String PASSWORD = "correct horse";

  @Test
  void letsInOnlyWhoKnowsThePassword() throws Exception {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .prometheus(
                LOOPBACK,
                0,
                options -> {
                  options.basicAuth("scraper", PASSWORD);
                  assertThat(options.toString()).doesNotContain(PASSWORD);
                })
            .build();
    InetSocketAddress address = sdk.prometheusAddress("prometheus");
    assertThat(Scraping.send(address, "Accept", TEXT).statusCode()).isEqualTo(401);
    assertThat(authorized(address, "scraper:wrong").statusCode()).isEqualTo(401);
    assertThat(authorized(address, "other:" + PASSWORD).statusCode()).isEqualTo(401);
    assertThat(authorized(address, "scraper:" + PASSWORD).statusCode()).isEqualTo(200);
    assertThat(sdk.toString() + sdk.health()).doesNotContain(PASSWORD);
    sdk.close(Duration.ofSeconds(10));
  }

  @Test
  void rejectsCredentialsThatAreNone() {
    assertThatThrownBy(() -> new BasicAuth("a:b", PASSWORD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prometheus user: invalid value ***; expected a name without a colon");
    assertThatThrownBy(() -> new BasicAuth("a", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prometheus password: invalid value \"\"; expected one that is not empty");
    assertThat(new BasicAuth("a", PASSWORD)).hasToString("***");
  }

  @Test
  void listensOnIpv6() throws Exception {
    assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByAddress(IPV6_LOOPBACK)))
        .as("an interface with the address ::1")
        .isNotNull();
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").prometheus("::1", 0, options -> {}).build();
    InetSocketAddress address = sdk.prometheusAddress("prometheus");
    assertThat(address.getAddress().isLoopbackAddress()).isTrue();
    assertThat(Scraping.send(address, "Accept", TEXT).statusCode()).isEqualTo(200);
    sdk.close(Duration.ofSeconds(10));
  }

  @Test
  void reportsNothingOfWhatWentWrong() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(
        (Collector)
            () -> {
              throw new IllegalStateException("secret");
            });
    ExportStats stats = new ExportStats("t", "metrics", () -> 0);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/metrics", new Scrapes("t", registry, stats));
    server.start();
    try {
      HttpResponse<String> response = Scraping.send(server.getAddress(), "Accept", TEXT);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).isEmpty();
      assertThat(stats.exports()).containsEntry("error", 1L);
      assertThat(stats.read(ExporterHealth::new).healthy()).isFalse();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void isNotHeldUp_byScrapersThatHang() throws Exception {
    PrometheusExport listener =
        PrometheusExport.start(
            "t", new PrometheusSpec(LOOPBACK, 0), TimeUnit.MILLISECONDS.toNanos(200));
    List<Socket> hung = new ArrayList<>();
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder().registerMetricReader(listener.addSource()).build()) {
      provider.get("t").counterBuilder("c").build().add(1);
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket(listener.address().getAddress(), listener.address().getPort());
        hung.add(socket);
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(Scraping.get(listener.address(), TEXT)).contains("c_total 1.0");
      // Connections that hang are closed.
      for (Socket socket : hung) {
        assertThat(readToTheEnd(socket)).isEmpty();
      }
    } finally {
      listener.close();
    }
  }

  /** The property that docs/exporting.md names: the JDK's server is the only one that can count. */
  @Test
  void keepsNoMoreSilentConnections_thanTheProcessAllows() throws Exception {
    Program process =
        Program.run(
            Program.java(List.of("-Djdk.httpserver.maxConnections=4"), SilentScrapers.class));
    assertThat(process.output()).contains("5 closed, then 200");
    assertThat(process.exitCode()).isZero();
  }

  @Test
  void hasMetricsOfTheRuntimeAndTheProcess_whereTheyAreAskedFor() throws Exception {
    ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t")
            .prometheus(LOOPBACK, 0, options -> options.name("none"))
            .prometheus(LOOPBACK, 0, options -> options.name("jvm").jvmMetrics(true))
            .prometheus(
                LOOPBACK, 0, options -> options.name("both").jvmMetrics(true).processMetrics(true))
            .build();
    sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
    String none = Scraping.get(sdk.prometheusAddress("none"), TEXT);
    String jvm = Scraping.get(sdk.prometheusAddress("jvm"), TEXT);
    String both = Scraping.get(sdk.prometheusAddress("both"), TEXT);
    assertThat(none).contains("c_total 1.0").doesNotContain("jvm_").doesNotContain("\nprocess_");
    assertThat(jvm)
        .contains("c_total 1.0", "jvm_memory_used_bytes{", "jvm_thread_count{", "jvm_class_count")
        .doesNotContain("\nprocess_");
    assertThat(both)
        .contains("c_total 1.0", "jvm_memory_used_bytes{")
        .contains(
            "process_cpu_time_seconds_total{cpu_mode=\"user\"} ",
            "process_cpu_time_seconds_total{cpu_mode=\"system\"} ",
            "process_uptime_seconds ");
    sdk.close(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> authorized(InetSocketAddress address, String credentials)
      throws IOException, InterruptedException {
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return Scraping.send(address, "Authorization", "Basic " + encoded);
  }

  private static byte[] readToTheEnd(Socket socket) {
    try (socket) {
      return socket.getInputStream().readAllBytes();
    } catch (IOException reset) {
      return new byte[0];
    }
  }
}
