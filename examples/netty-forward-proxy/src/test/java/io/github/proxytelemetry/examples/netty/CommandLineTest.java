package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.testbed.Program;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --listen     | 8080           | --listen: invalid value "8080"; expected host:port
          --listen     | 127.0.0.1:http | --listen: invalid value "127.0.0.1:http"; expected host:port
          --metrics    | 127.0.0.1:99999| --metrics: invalid value "127.0.0.1:99999"; expected host:port
          --sampling   | 1.5            | --sampling: invalid value "1.5"; expected a number from 0 to 1
          --sampling   | NaN            | --sampling: invalid value "NaN"; expected a number from 0 to 1
          --timeout-ms | 0              | --timeout-ms: invalid value "0"; expected 1 to 3600000
          --service-name | ' '          | --service-name: invalid value " "; expected a name
          --otlp-protocol | udp         | --otlp-protocol: invalid value "udp"; expected grpc or http
          --port       | 1              | --port: is unknown; expected one of --listen, --block, --timeout-ms, --metrics, --otlp, --otlp-protocol, --sampling, --service-name
          """)
  void namesWhatIsWrong(String name, String value, String message) {
    assertThatThrownBy(() -> ProxyOptions.parse(Map.of(), name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void namesTheVariable_thatIsWrong() {
    assertThatThrownBy(() -> ProxyOptions.parse(Map.of("PROXY_SAMPLING", "all")))
        .hasMessage("PROXY_SAMPLING: invalid value \"all\"; expected a number from 0 to 1");
  }

  @Test
  void prefersArguments_overTheEnvironment() {
    ProxyOptions options =
        ProxyOptions.parse(
            Map.of(
                "PROXY_SAMPLING", "0.5",
                "PROXY_TIMEOUT_MS", "300",
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317"),
            "--sampling",
            "0.25");

    assertThat(options.telemetry().sampling()).isEqualTo(0.25);
    assertThat(options.timeout()).hasMillis(300);
    assertThat(options.telemetry().otlp()).isEqualTo("http://127.0.0.1:4317");
    assertThat(options.listen().getHostString()).isEqualTo("127.0.0.1");
  }

  @Test
  void saysWhatItTakes() throws Exception {
    Program run = Program.run(command("--help"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).isEqualTo(ProxyOptions.USAGE);
  }

  @Test
  void exitsWith2_onBadArgument() throws Exception {
    Program run = Program.run(command("--sampling", "2"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output().strip())
        .isEqualTo("--sampling: invalid value \"2\"; expected a number from 0 to 1");
  }

  @Test
  void namesThePort_thatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Program run = Program.run(command("--listen", address, "--metrics", "127.0.0.1:0"));

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output()).contains("--listen").contains(address);
    }
  }

  @Test
  void stopsInOrder_onSigterm() throws Exception {
    Process process =
        new ProcessBuilder(command("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).startsWith("proxy on 127.0.0.1:");
      assertThat(output.readLine()).startsWith("metrics on http://127.0.0.1:");
      // Unlike Process.destroy() this leaves the output open.
      process.toHandle().destroy();
      assertThat(output.readLine()).startsWith("stopped, telemetry: Delivery[status=DELIVERED");
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> command(String... arguments) {
    return Program.java(List.of(), Main.class, arguments);
  }
}
