package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ServerTiming;
import io.github.proxytelemetry.testbed.Program;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user with curl sees. */
@RequiresProgram("curl")
class CurlTest {
  private static final Pattern HEADER =
      Pattern.compile("(?mi)^server-timing: (proxy;dur=[0-9]+\\.[0-9])\\r?$");

  private static ProxyFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = ProxyFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void showsServerTiming_onPlainResponse() throws Exception {
    String output = curl(fixture.url("/hello"));

    assertThat(output).startsWith("HTTP/1.1 200").endsWith("hello");
    assertThat(durations(output)).hasSize(1);
  }

  @Test
  void showsServerTiming_onConnect() throws Exception {
    String output = curl("-k", "https://" + fixture.tlsOrigin.authority() + "/hello");

    // The origin's own answer comes through the tunnel, where the proxy cannot and must not add.
    assertThat(output)
        .startsWith("HTTP/1.1 200 Connection established")
        .contains("HTTP/1.1 200 OK")
        .endsWith("hello");
    assertThat(durations(output)).hasSize(1);
  }

  @Test
  void showsServerTiming_onErrorsOfTheProxyItself() throws Exception {
    assertThat(durations(curl("http://" + ProxyFixture.BLOCKED + "/"))).hasSize(1);
    assertThat(durations(curl(ProxyFixture.refused()))).hasSize(1);
  }

  @Test
  void leavesTheOriginsTimeOut() throws Exception {
    // The first exchange pays for loading classes.
    curl(fixture.url("/hello"));

    assertThat(durations(curl(fixture.url("/slow?ms=200")))).singleElement().matches(d -> d < 20);
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "--silent", "--max-time", "20", "--dump-header", "-"));
    command.add("--proxy");
    command.add("http://127.0.0.1:" + fixture.proxy.address().getPort());
    command.addAll(List.of(arguments));
    Program curl = Program.run(command);
    assertThat(curl.exitCode()).as(curl.output()).isZero();
    return curl.output();
  }

  private static List<Double> durations(String output) {
    return HEADER
        .matcher(output)
        .results()
        .flatMap(match -> ServerTiming.parse(match.group(1)).stream())
        .flatMap(metric -> Stream.of(metric.duration()))
        .toList();
  }
}
