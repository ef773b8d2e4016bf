package io.github.proxytelemetry.sdk.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigValueTest {
  private static final String SECRET = "planted-secret";

  @Test
  void showsNothingAsAString() {
    assertThat(new ConfigValue("PROXY_TELEMETRY_CLIENT_KEY", SECRET)).hasToString("***");
  }

  @Test
  void showsNoSecret_inAnErrorAboutIt() {
    for (String name :
        List.of(
            "OTEL_EXPORTER_OTLP_HEADERS",
            "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
            "otel.exporter.otlp.metrics.headers",
            "OTEL_EXPORTER_OTLP_CLIENT_KEY",
            "IMGPROXY_OPEN_TELEMETRY_CLIENT_KEY",
            "proxy.telemetry.client.key",
            "CF_SERVER_CERT",
            "proxy.telemetry.client.cert")) {
      assertThat(new ConfigValue(name, SECRET).invalid("none"))
          .hasMessage(name + ": invalid value ***; expected none");
    }
    assertThat(new ConfigValue("exporters.otlp[0].host", "me:" + SECRET + "@host").invalid("none"))
        .hasMessage("exporters.otlp[0].host: invalid value ***; expected none");
  }

  @Test
  void keepsAMessageToOneShortLine() {
    assertThat(new ConfigValue("a", "x\r\ny".repeat(100)).invalid("none").getMessage())
        .hasSizeLessThan(120)
        .matches("\\p{Print}+");
  }
}
