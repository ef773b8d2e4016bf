package io.github.proxytelemetry.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoTest {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Demo demo = new Demo(new PrintStream(output, true, StandardCharsets.UTF_8));

  @Test
  void showsTheTelemetryOfItsTraffic() throws Exception {
    int code;
    try (Warnings warnings = new Warnings()) {
      code = demo.run(environment("127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"), "3");
      assertThat(warnings.messages()).isEmpty();
    }

    String text = output.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    assertThat(text)
        .startsWith("page      http://127.0.0.1:")
        .contains("metrics   http://127.0.0.1:", "curl -i -x http://127.0.0.1:", "   3 s   ")
        .containsPattern("p95 connect +[0-9]+\\.[0-9]{2} ms")
        .contains(" 0 failed otherwise")
        .endsWith("active    0 connections, 0 requests, 0 tunnels" + System.lineSeparator());
    assertThat(number(text, "counted ([0-9]+) requests"))
        .isPositive()
        .isEqualTo(number(text, "sent ([0-9]+) requests"));
    assertThat(number(text, "requests, ([0-9]+) errors,"))
        .isEqualTo(number(text, "requests, ([0-9]+) meant to fail"));
  }

  @Test
  void readsTheSecondsFromTheEnvironment() throws Exception {
    assertThat(demo.run(Map.of("DEMO_SECONDS", "soon"))).isEqualTo(2);
    assertThat(demo.run(Map.of(), "1", "2")).isEqualTo(2);
    assertThat(output.size()).isZero();
  }

  @Test
  void fails_whenAPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String any = "127.0.0.1:0";
      assertThat(demo.run(environment(address, any, any), "1")).isEqualTo(1);
      assertThat(demo.run(environment(any, address, any), "1")).isEqualTo(1);
      assertThat(demo.run(environment(any, any, address), "1")).isEqualTo(1);
    }
  }

  private static Map<String, String> environment(String listen, String metrics, String console) {
    return Map.of("PROXY_LISTEN", listen, "PROXY_METRICS", metrics, "PROXY_CONSOLE", console);
  }

  private static long number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
