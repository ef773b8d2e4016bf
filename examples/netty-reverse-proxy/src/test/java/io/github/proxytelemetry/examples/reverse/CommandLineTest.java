package io.github.proxytelemetry.examples.reverse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.testbed.Program;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --upstreams   | 8000     | --upstreams: invalid value "8000"; expected host:port[,host:port]
          --connections | 0        | --connections: invalid value "0"; expected 1 to 10000
          --retries     | many     | --retries: invalid value "many"; expected 0 to 10
          --key         | /no/file | --key: invalid value "/no/file"; expected a file that can be read
          """)
  void namesWhatIsWrong(String name, String value, String message) {
    assertThatThrownBy(() -> GatewayOptions.parse(Map.of(), name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void saysWhatItTakes() throws Exception {
    Program run = Program.run(Program.java(List.of(), Main.class, "--help"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).isEqualTo(GatewayOptions.USAGE);
  }
}
