package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.netty.NettyTelemetry;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.netty.channel.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in the README is the code that compiles here. */
class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path THIS =
      Path.of(
          "src",
          "test",
          "java",
          "io",
          "github",
          "proxytelemetry",
          "examples",
          "netty",
          "ReadmeTest.java");

  @Test
  void showsWhatCompiles() throws Exception {
    String readme = Files.readString(README);
    int start = readme.indexOf("```java\n") + "```java\n".length();
    List<String> snippet =
        readme.substring(start, readme.indexOf("```", start)).lines().map(String::strip).toList();

    assertThat(snippet).hasSizeGreaterThan(9);
    assertThat(Files.readAllLines(THIS).stream().map(String::strip)).containsSequence(snippet);
  }

  @Test
  void beginsWithTheTwoCommands() throws Exception {
    String readme = Files.readString(README);
    int start = readme.indexOf("```sh\n") + "```sh\n".length();

    assertThat(readme.indexOf("```")).isEqualTo(start - "```sh\n".length());
    assertThat(readme.substring(start, readme.indexOf("```", start)).lines())
        .hasSize(2)
        .satisfiesExactly(
            first -> assertThat(first).startsWith("./demo"),
            second -> assertThat(second).startsWith("mvn -B -ntp verify"));
  }

  /** Compiled, not run: a test takes no fixed port. */
  @SuppressWarnings("unused")
  private static void install(Channel client, Channel upstream, String host, int port) {
    OtelProxyTelemetry telemetry =
        OtelProxyTelemetry.builder("edge-proxy")
            .otlp("http://127.0.0.1:4317")
            .prometheus("127.0.0.1", 9464)
            .sampling(Sampling.ratio(0.01))
            .build();
    NettyTelemetry netty = NettyTelemetry.create(telemetry);

    netty.installServer(client.pipeline()); // the last line of the server's initChannel

    Upstream destination = Upstream.of(host, port);
    AttemptObservation attempt = NettyTelemetry.exchange(client).startAttempt(destination);
    netty.installUpstream(upstream.pipeline(), attempt); // the last line of the upstream's
  }
}
