package io.github.proxytelemetry.hosts.littleproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.RawClient;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import io.github.proxytelemetry.testing.RecordedExchange;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import io.netty.handler.codec.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.MitmManager;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** LittleProxy that ends the client's TLS in a tunnel, and reads the requests inside. */
class InterceptionTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int TUNNELS = 3;
  private static TlsFixture tls;

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = TlsFixture.create();
  }

  @Test
  void countsTheRequestsInside_andChangesNothing() throws Exception {
    List<String> off = run(ProxyTelemetry.noop());
    assertThat(off).hasSize(4 * TUNNELS);

    RecordingProxyTelemetry recorder = new RecordingProxyTelemetry();
    assertThat(run(recorder)).isEqualTo(off);
    recorder.awaitIdle(LIMIT);
    recorder.assertInvariants();
    recorder.assertNoLateCalls();
    List<RecordedExchange> inside =
        recorder.exchanges().stream().filter(each -> !"CONNECT".equals(each.method())).toList();
    assertThat(recorder.exchanges()).hasSize(4 * TUNNELS);
    assertThat(inside).hasSize(3 * TUNNELS);
    assertThat(inside).extracting(RecordedExchange::status).containsOnly(200, 503);
    assertThat(inside.stream().mapToLong(RecordedExchange::responseBytes).sum())
        .isEqualTo(TUNNELS * (5L + 100_000));
    assertThat(recorder.attempts()).hasSize(3 * TUNNELS);

    try (ProxyTelemetrySdk sdk =
        ProxyTelemetrySdk.builder("t").prometheus("127.0.0.1", 0).build()) {
      assertThat(run(sdk)).isEqualTo(off);
      Scrape scrape = Scrape.await(sdk.prometheusAddress("prometheus"), LIMIT, now -> now.isIdle());
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(4 * TUNNELS);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}"))
          .isEqualTo(3 * TUNNELS);
      assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"503\"}"))
          .isEqualTo(TUNNELS);
      assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    }
  }

  /** What clients receive, but for our own header. */
  private static List<String> run(ProxyTelemetry telemetry) throws Exception {
    // Until the next call, if there is one: another proxy of this process was observed before.
    NettyTelemetry.create(telemetry).observeServers(client -> false);
    List<String> received = new ArrayList<>();
    try (TestOrigin origin = TestOrigin.start(tls)) {
      HttpProxyServer proxy =
          ObservedLittleProxy.observe(
                  DefaultHttpProxyServer.bootstrap()
                      .withPort(0)
                      .withManInTheMiddle(new OneCertificate()),
                  telemetry)
              .start();
      try {
        for (int i = 0; i < TUNNELS; i++) {
          try (RawClient client = new RawClient(proxy.getListenAddress())) {
            received.add("CONNECT " + client.connect(origin.authority()).status());
            client.startTls(tls.client());
            for (String path : List.of("/hello", "/bytes?n=100000", "/status?code=503")) {
              received.add(path + ' ' + get(client, origin, path));
            }
          }
        }
      } finally {
        proxy.abort();
      }
    }
    return received;
  }

  private static String get(RawClient client, TestOrigin origin, String path) throws Exception {
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n\r\n");
    RawClient.Response response = client.read();
    List<String> headers =
        response.headers().stream()
            .filter(line -> !line.startsWith("Server-Timing") && !line.startsWith("Date"))
            .sorted()
            .toList();
    return response.status() + " " + headers + ' ' + response.body().length;
  }

  private static final class OneCertificate implements MitmManager {
    @Override
    public SSLEngine serverSslEngine(String host, int port) {
      return engine(true, host, port);
    }

    @Override
    public SSLEngine serverSslEngine() {
      return engine(true, "127.0.0.1", 443);
    }

    @Override
    public SSLEngine clientSslEngineFor(HttpRequest request, SSLSession session) {
      return engine(false, "127.0.0.1", 443);
    }

    private static SSLEngine engine(boolean client, String host, int port) {
      try {
        SSLContext context = client ? tls.client() : tls.server();
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(client);
        return engine;
      } catch (GeneralSecurityException | java.io.IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
