package io.github.proxytelemetry.examples.jetty.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.jetty.JettyTelemetry;
import io.github.proxytelemetry.jetty.TelemetryHttpClient;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TestOrigin;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same over TLS, where the client and Jetty agree on HTTP/2 by ALPN. */
class TlsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ProxyTelemetrySdk telemetry =
      ProxyTelemetrySdk.builder("tls-proxy").prometheus("127.0.0.1", 0).build();
  private final Server server = new Server();
  private TestOrigin origin;
  private ServerConnector connector;

  @BeforeEach
  void start() throws Exception {
    origin = TestOrigin.start();
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http.getProtocol());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(TlsFixture.create().server());
    connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(tls, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(configuration),
            http);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    JettyTelemetry jetty = JettyTelemetry.create(telemetry);
    server.setHandler(
        new ProxyHandler.Reverse(
            request ->
                HttpURI.build(request.getHttpURI())
                    .scheme("http")
                    .authority(origin.authority())
                    .asImmutable()) {
          @Override
          protected HttpClient newHttpClient() {
            return jetty.install(new TelemetryHttpClient());
          }
        });
    jetty.install(server);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    origin.close();
    telemetry.close(Duration.ofSeconds(5));
  }

  @Test
  @RequiresProgram("h2load")
  void countsWhatH2loadDoes() throws Exception {
    String output = run("h2load", "-n", "200", "-c", "4", "-m", "10", url());
    assertThat(output).contains("Application protocol: h2", "200 succeeded");
    check(200, 4);
  }

  @Test
  @RequiresProgram("curl")
  void countsWhatCurlDoes() throws Exception {
    String output =
        run(
            "curl",
            "--silent",
            "--show-error",
            "--fail",
            "--insecure",
            "--http2",
            "--write-out",
            "|%{http_version} %header{server-timing}|",
            url());
    assertThat(output).matches("hello\\|2 proxy;dur=\\d+\\.\\d\\|\\s*");
    check(1, 1);
  }

  private void check(int requests, int connections) throws Exception {
    Scrape scrape =
        Scrape.await(
            telemetry.prometheusAddress("prometheus"),
            LIMIT,
            s ->
                s.sum("privacy_proxy_requests_total") >= requests
                    && s.sum("privacy_proxy_requests_in_progress") == 0
                    && s.sum("privacy_proxy_connections_active") == 0);
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(requests);
    assertThat(scrape.value("privacy_proxy_requests_by_status{status=\"200\"}"))
        .isEqualTo(requests);
    assertThat(scrape.sum("privacy_proxy_bytes_received_total")).isEqualTo(5.0 * requests);
    assertThat(scrape.sum("privacy_proxy_connections_total")).isEqualTo(connections);
    assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
  }

  private String url() {
    return "https://127.0.0.1:" + connector.getLocalPort() + "/hello";
  }

  private static String run(String... command) throws Exception {
    Program program = Program.run(List.of(command));
    assertThat(program.exitCode()).as(program.output()).isZero();
    return program.output();
  }
}
