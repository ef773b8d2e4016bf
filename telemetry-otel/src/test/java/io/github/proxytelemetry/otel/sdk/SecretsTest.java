package io.github.proxytelemetry.otel.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever holds a secret shows nothing. */
class SecretsTest {
  private static final String SECRET = "planted-secret";

  @Test
  void showsNoSecret_inAnyString() {
    Map<String, String> variables =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "https://127.0.0.1:4317",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "authorization=" + SECRET,
            "PROXY_TELEMETRY_ENDPOINT",
            "127.0.0.1:4317",
            "PROXY_TELEMETRY_CLIENT_CERT",
            SECRET,
            "PROXY_TELEMETRY_CLIENT_KEY",
            SECRET);
    Settings settings = Settings.of(Map.of(), Map.of(), variables, null, null);
    TelemetrySdkBuilder sdk = new TelemetrySdkBuilder("edge", name -> null).configuration(settings);
    List<String> shown = new ArrayList<>();
    shown.add(settings.toString());
    variables.keySet().forEach(name -> shown.add(String.valueOf(settings.get(name))));
    sdk.otlp.forEach(
        options -> {
          shown.add(String.valueOf(options.tls));
        });
    shown.add(Pem.text("client key", SECRET).toString());
    assertThat(shown).hasSizeGreaterThan(6).noneMatch(text -> text.contains(SECRET));
    assertThat(settings).hasToString("***");
    assertThat(settings.get("PROXY_TELEMETRY_CLIENT_KEY")).hasToString("***");
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
      assertThat(new Setting(name, SECRET).invalid("is none"))
          .hasMessage(name + ": was ***, allowed is none");
    }
    assertThat(new Setting("exporters.otlp[0].host", "me:" + SECRET + "@host").invalid("is none"))
        .hasMessage("exporters.otlp[0].host: was ***, allowed is none");
  }

  @Test
  void keepsAMessageToOneShortLine() {
    assertThat(new Setting("a", "x\r\ny".repeat(100)).invalid("is none").getMessage())
        .hasSizeLessThan(120)
        .matches("\\p{Print}+");
  }
}
