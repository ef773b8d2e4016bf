package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Set-ups that are allowed, but hardly meant: each is told once, at start-up. */
class SilentMisuseTest {
  private static final Logger LOGGER = Logger.getLogger("io.github.proxytelemetry.sdk");
  private static final String NOWHERE = "http://127.0.0.1:9";

  private final Lines lines = new Lines();

  @BeforeEach
  void listen() {
    LOGGER.addHandler(lines);
  }

  @AfterEach
  void leave() {
    LOGGER.removeHandler(lines);
  }

  @Test
  void saysThatThereIsNoExporter() {
    try (ProxyTelemetrySdk sdk = ProxyTelemetrySdk.builder("t").build()) {
      assertThat(sdk.isEnabled()).isFalse();
    }
    assertThat(lines.messages)
        .singleElement()
        .asString()
        .contains("Telemetry is off", "otlp(...)", "prometheus(...)");
  }

  @Test
  void saysThatTheVariableSwitchesItOff() {
    build(Map.of("OTEL_SDK_DISABLED", "true", "OTEL_METRICS_EXPORTER", "prometheus"));
    assertThat(lines.messages).singleElement().asString().contains("OTEL_SDK_DISABLED");
  }

  @Test
  void saysThatAnEndpointGetsEverythingTwice() {
    ProxyTelemetrySdk.builder("t")
        .otlp(NOWHERE, otlp -> otlp.http())
        .otlp(NOWHERE + "/", otlp -> otlp.http().withoutTraces())
        .build()
        .close(Duration.ZERO);
    assertThat(lines.warnings())
        .singleElement()
        .asString()
        .contains("otlp and otlp-2", "metrics", NOWHERE);
  }

  @Test
  void saysNothing_ofOneEndpointForTwoTenantsOrTwoSignals() {
    ProxyTelemetrySdk.builder("t")
        .otlp(NOWHERE, otlp -> otlp.http().header("X-Scope-OrgID", "a"))
        .otlp(NOWHERE, otlp -> otlp.http().header("X-Scope-OrgID", "b"))
        .otlp(NOWHERE, otlp -> otlp.http().withoutTraces())
        .otlp(NOWHERE, otlp -> otlp.http().withoutMetrics())
        .build()
        .close(Duration.ZERO);
    assertThat(lines.warnings()).isEmpty();
  }

  @Test
  void namesTheVariable_thatAMisspeltOneResembles() {
    build(
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPIONT", "http://secret.test",
            "otel.trace.exporter", "none",
            "OTEL_BSP_MAX_QUEUE_SIZE", "7",
            "OTEL_LOGS_EXPORTER", "none"));
    assertThat(lines.warnings())
        .hasSize(2)
        .anyMatch(
            line ->
                line.contains("OTEL_EXPORTER_OTLP_ENDPIONT")
                    && line.contains("OTEL_EXPORTER_OTLP_ENDPOINT"))
        .anyMatch(
            line -> line.contains("otel.trace.exporter") && line.contains("OTEL_TRACES_EXPORTER"))
        .noneMatch(line -> line.contains("secret"));
  }

  private static void build(Map<String, String> given) {
    ProxyTelemetrySdk.builder(Configuration.of(given, Map.of(), Map.of())).build().close();
  }

  private static final class Lines extends Handler {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    List<String> warnings() {
      return records.stream()
          .filter(line -> line.getLevel().equals(Level.WARNING))
          .map(LogRecord::getMessage)
          .filter(line -> !line.contains("not delivered"))
          .toList();
    }

    @Override
    public void publish(LogRecord line) {
      records.add(line);
      messages.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
