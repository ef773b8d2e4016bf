package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.sdk.config.EffectiveConfig;
import io.github.proxytelemetry.sdk.export.Spans;
import io.github.proxytelemetry.sdk.tls.Pem;
import io.github.proxytelemetry.testbed.RequiresProgram;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types that hold secrets show nothing. */
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
    EffectiveConfig config = new EffectiveConfig(Map.of(), Map.of(), variables, null, null);
    ProxyTelemetrySdkBuilder sdk =
        ProxyTelemetrySdk.builder(Configuration.of(Map.of(), Map.of(), variables));
    List<String> shown = new ArrayList<>();
    shown.add(config.toString());
    sdk.spec.otlp.forEach(
        otlp -> {
          shown.add(String.valueOf(otlp.tls));
        });
    shown.add(Pem.text("client key", SECRET).toString());
    assertThat(shown).hasSizeGreaterThan(2).noneMatch(text -> text.contains(SECRET));
    assertThat(config).hasToString("***");
  }

  /** Of the collector, too: it knows them, and may say what it was sent. */
  @Test
  @RequiresProgram("openssl")
  void logsNoSecret_whateverBecomesOfTheExports(@TempDir Path directory) {
    Pki.Identity client = Pki.create(directory).rsaPkcs8("client");
    try (LogCapture logged = new LogCapture();
        Collector collector = new Collector()) {
      collector.answerWith(SECRET.getBytes(StandardCharsets.UTF_8));
      collector.answer(401);
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("edge")
              .otlp(
                  collector.url(),
                  otlp -> otlp.http().bearerToken(() -> SECRET).header("x-api-key", SECRET))
              .otlp(
                  "https://127.0.0.1:" + URI.create(collector.url()).getPort(),
                  otlp ->
                      otlp.name("tls")
                          .timeout(Duration.ofSeconds(2))
                          .header("x-api-key", SECRET)
                          .tls(
                              tls ->
                                  tls.clientCertificate(
                                      client.certificateText(), client.keyText())))
              .otlp(
                  collector.url(),
                  otlp ->
                      otlp.name("broken")
                          .http()
                          .bearerToken(
                              () -> {
                                throw new IllegalStateException(SECRET);
                              }))
              .otlp(
                  collector.url(),
                  otlp -> otlp.name("torn").http().bearerToken(() -> SECRET + "\n"))
              .prometheus("127.0.0.1", 0, options -> options.basicAuth("scraper", SECRET))
              .build();
      Spans.end(sdk.openTelemetry(), 1);
      sdk.openTelemetry().getMeter("t").counterBuilder("c").build().add(1);
      sdk.flush(Duration.ofSeconds(2));
      sdk.close(Duration.ofSeconds(2));
      assertThat(sdk.health().exporters()).anyMatch(exporter -> exporter.failures() > 0);
      String key = client.keyText().lines().skip(1).findFirst().orElseThrow();
      assertThat(logged.lines)
          .isNotEmpty()
          .noneMatch(line -> line.contains(SECRET))
          .noneMatch(line -> line.contains(key));
    }
  }

  /** All that any library logs at its usual level, and all of ours, with stack traces. */
  private static final class LogCapture extends Handler implements AutoCloseable {
    // Kept, because an unreferenced logger loses its level.
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("io.github.proxytelemetry");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    LogCapture() {
      setLevel(Level.ALL);
      ours.setLevel(Level.ALL);
      root.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(new SimpleFormatter().format(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      root.removeHandler(this);
      ours.setLevel(null);
    }
  }
}
