package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.Nginx;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testbed.TlsFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that others wrote, an origin that others wrote, and what each of them counted. */
@RequiresProgram("nginx")
class ThirdPartiesTest {
  private static final int REQUESTS = 2_000;
  private static final int CONNECTIONS = 10;
  private static final int STREAMS = 20;

  @TempDir private Path directory;
  private Nginx nginx;

  @BeforeEach
  void start() throws Exception {
    nginx = Nginx.start();
  }

  @AfterEach
  void stop() throws Exception {
    nginx.close();
  }

  @Test
  @RequiresProgram("curl")
  void countsWhatCurlAsksFor_inEachProtocol() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(nginx.authority())) {
      String hello = "http://" + fixture.authority() + "/hello";
      String missing = "http://" + fixture.authority() + "/missing";
      assertThat(curl("--http1.1", hello, missing)).isEqualTo("1.1 200\n1.1 404\n");
      // One at a time: curl 7.88 cannot use such a connection again.
      assertThat(curl("--http2-prior-knowledge", hello)).isEqualTo("2 200\n");
      assertThat(curl("--http2-prior-knowledge", missing)).isEqualTo("2 404\n");
      // The request that asks for the upgrade is answered on the first stream.
      assertThat(curl("--http2", hello, missing)).isEqualTo("2 200\n2 404\n");
      Scrape scrape = fixture.awaitIdle();

      assertThat(nginx.requests()).isEqualTo(6);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(6);
      assertThat(scrape.value("privacy_proxy_connections_total")).isEqualTo(4);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "1.1", 404)).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "2", 200)).isEqualTo(2);
      assertThat(GatewayFixture.requests(scrape, "2", 404)).isEqualTo(2);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    }
  }

  @Test
  @RequiresProgram("curl")
  void negotiatesTheProtocol_withCurl() throws Exception {
    try (GatewayFixture fixture = startTls()) {
      String hello = "https://" + fixture.authority() + "/hello";
      assertThat(curl("--insecure", "--http1.1", hello)).isEqualTo("1.1 200\n");
      assertThat(curl("--insecure", "--http2", hello)).isEqualTo("2 200\n");
      Scrape scrape = fixture.awaitIdle();

      assertThat(nginx.requests()).isEqualTo(2);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(1);
      assertThat(GatewayFixture.requests(scrape, "2", 200)).isEqualTo(1);
      assertThat(
              scrape.value(
                  "privacy_proxy_tls_handshake_duration_seconds_count{side=\"downstream\"}"))
          .isEqualTo(2);
    }
  }

  @Test
  @RequiresProgram("h2load")
  void countsWhatH2loadCounts() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(nginx.authority())) {
      String output = h2load("http://" + fixture.authority() + "/hello");
      Scrape scrape = fixture.awaitIdle();

      checkLoad(scrape, output);
      long wire = number(output, "traffic: \\S+ \\((\\d+)\\) total");
      assertThat(
              scrape.value(
                  "privacy_proxy_connection_io_bytes_total{direction=\"sent\",side=\"downstream\"}"))
          .isEqualTo((double) wire);
    }
  }

  @Test
  @RequiresProgram("h2load")
  void countsWhatH2loadCounts_throughTls() throws Exception {
    try (GatewayFixture fixture = startTls()) {
      String output = h2load("https://" + fixture.authority() + "/hello");
      Scrape scrape = fixture.awaitIdle();

      checkLoad(scrape, output);
      assertThat(
              scrape.value(
                  "privacy_proxy_tls_handshake_duration_seconds_count{side=\"downstream\"}"))
          .isEqualTo(CONNECTIONS);
    }
  }

  @Test
  @RequiresProgram("nghttp")
  void countsWhatNghttpAsksFor() throws Exception {
    try (GatewayFixture fixture = GatewayFixture.start(nginx.authority())) {
      String output =
          run("nghttp", "-n", "-s", "-m", "50", "http://" + fixture.authority() + "/hello");
      long answered = Pattern.compile("\\s200\\s+5\\s+/hello").matcher(output).results().count();
      Scrape scrape = fixture.awaitIdle();

      assertThat(answered).as(output).isEqualTo(50);
      assertThat(nginx.requests()).isEqualTo(50);
      assertThat(GatewayFixture.requests(scrape, "2", 200)).isEqualTo(50);
      assertThat(scrape.value("privacy_proxy_connections_total")).isEqualTo(1);
      assertThat(scrape.value("privacy_proxy_bytes_received_total")).isEqualTo(50.0 * 5);
    }
  }

  /** Left alone, wrk ends in the middle of requests; this script ends each thread after one. */
  @Test
  @RequiresProgram("wrk")
  void countsWhatWrkCounts() throws Exception {
    Path script = directory.resolve("stop.lua");
    Files.writeString(
        script,
        """
        local answered = 0
        function response(status, headers, body)
          answered = answered + 1
          if answered == %d then wrk.thread:stop() end
        end
        """
            .formatted(REQUESTS / CONNECTIONS));
    try (GatewayFixture fixture = GatewayFixture.start(nginx.authority())) {
      String connections = Integer.toString(CONNECTIONS);
      String output =
          run(
              "wrk",
              "--threads",
              connections,
              "--connections",
              connections,
              "--duration",
              "8s",
              "--script",
              script.toString(),
              "http://" + fixture.authority() + "/hello");
      Scrape scrape = fixture.awaitIdle();

      assertThat(number(output, "(\\d+) requests in")).as(output).isEqualTo(REQUESTS);
      assertThat(output).doesNotContain("Socket errors", "Non-2xx");
      assertThat(nginx.requests()).isEqualTo(REQUESTS);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(REQUESTS);
      assertThat(GatewayFixture.requests(scrape, "1.1", 200)).isEqualTo(REQUESTS);
      assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(REQUESTS);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    }
  }

  private GatewayFixture startTls() throws Exception {
    TlsFixture tls = TlsFixture.create();
    Path certificate = Files.writeString(directory.resolve("cert.pem"), tls.certificatePem());
    Path key = Files.writeString(directory.resolve("key.pem"), tls.keyPem());
    return GatewayFixture.start(
        nginx.authority(), "--certificate", certificate.toString(), "--key", key.toString());
  }

  private void checkLoad(Scrape scrape, String output) throws Exception {
    assertThat(number(output, "(\\d+) succeeded")).as(output).isEqualTo(REQUESTS);
    assertThat(number(output, "(\\d+) 2xx")).isEqualTo(REQUESTS);
    assertThat(nginx.requests()).isEqualTo(REQUESTS);
    assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(REQUESTS);
    assertThat(GatewayFixture.requests(scrape, "2", 200)).isEqualTo(REQUESTS);
    assertThat(scrape.value("privacy_proxy_connections_total")).isEqualTo(CONNECTIONS);
    assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
    assertThat(scrape.value("privacy_proxy_bytes_received_total"))
        .isEqualTo((double) number(output, "\\((\\d+)\\) data"));
  }

  private static String h2load(String url) throws Exception {
    return run("h2load", "-n", "" + REQUESTS, "-c", "" + CONNECTIONS, "-m", "" + STREAMS, url);
  }

  /** Asks for each on one connection, and returns the versions and statuses of the answers. */
  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "--silent", "--max-time", "20"));
    command.add("--write-out");
    command.add("%{http_version} %{http_code}\\n");
    for (String argument : arguments) {
      if (argument.startsWith("http")) {
        command.add("--output");
        command.add("/dev/null");
      }
      command.add(argument);
    }
    return run(command.toArray(String[]::new));
  }

  private static String run(String... command) throws Exception {
    Program program = Program.run(List.of(command));
    assertThat(program.exitCode()).as(program.output()).isZero();
    return program.output();
  }

  private static long number(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    assertThat(matcher.find()).as("%s in %s", pattern, output).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
