package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three variables of the tunnel gateway. */
class GatewayConfigurationTest {
  private OtlpGrpcReceiver collector;

  @BeforeEach
  void start() throws Exception {
    collector = OtlpGrpcReceiver.start();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "TRUE", " True\t"})
  void sendsTraces_whereItIsSwitchedOn(String truthy) throws Exception {
    Map<String, String> environment =
        Map.of(
            "PROXY_TRACING_ENABLED",
            truthy,
            "PROXY_TRACING_ENDPOINT",
            Configurations.hostPort(collector.endpoint()),
            "PROXY_TRACING_SAMPLE_RATE",
            "1.0",
            "OTEL_SERVICE_NAME",
            "gateway");
    try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
      assertThat(telemetry.isEnabled()).isTrue();
      Configurations.drive(telemetry, new Headers());
      collector.received().await(Configurations.LIMIT, received -> received.spans().size() == 2);
      assertThat(collector.received().spans())
          .extracting(ReceivedSpan::kind)
          .containsExactlyInAnyOrder(SpanKind.SPAN_KIND_SERVER, SpanKind.SPAN_KIND_CLIENT);
      assertThat(collector.received().resource()).containsEntry("service.name", "gateway");
      assertThat(collector.received().metricNames()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "yes", "on", "truthy", ""})
  void isOff_whateverElseIsSaid(String other) {
    Map<String, String> environment =
        Map.of(
            "PROXY_TRACING_ENABLED", other,
            "PROXY_TRACING_ENDPOINT", collector.endpoint(),
            "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
      assertThat(telemetry.isEnabled()).isFalse();
      assertThat(telemetry).hasToString("ProxyTelemetrySdk(off)");
    }
  }

  @Test
  void isOff_whereNothingIsSaid() {
    try (ProxyTelemetrySdk telemetry = Configurations.environment(Map.of()).build()) {
      assertThat(telemetry.isEnabled()).isFalse();
      Headers received = new Headers().with("traceparent", "anything");
      assertThat(Configurations.drive(telemetry, received).isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"})
  void asksTheStandardVariables_whereItsOwnEndpointIsEmpty(String variable) throws Exception {
    Map<String, String> environment =
        Map.of(
            "PROXY_TRACING_ENABLED",
            "1",
            "PROXY_TRACING_ENDPOINT",
            " ",
            variable,
            collector.endpoint());
    try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
      Configurations.drive(telemetry, new Headers());
      collector.received().await(Configurations.LIMIT, received -> received.spans().size() == 2);
    }
  }

  @Test
  void takesTheFlagsOfTheControlPlane_beforeItsVariables() throws Exception {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder(
            Configuration.of(
                    Map.of(
                        "--tracing-enabled", "true", "--tracing-sample-rate", "1", "--other", "x"),
                    Map.of(),
                    Map.of(
                        "CF_TRACING_ENABLED", "false",
                        "CF_TRACING_ENDPOINT", collector.endpoint(),
                        "CF_TRACING_SAMPLE_RATE", "0"))
                .withTracingPrefix("CF_TRACING_"));
    try (ProxyTelemetrySdk telemetry = builder.build()) {
      Configurations.drive(telemetry, new Headers());
      collector.received().await(Configurations.LIMIT, received -> received.spans().size() == 2);
    }
  }

  @Test
  void keepsDataPlaneAndControlPlaneApart() {
    Map<String, String> environment =
        Map.of(
            "PROXY_TRACING_ENABLED", "true",
            "PROXY_TRACING_ENDPOINT", collector.endpoint(),
            "PROXY_TELEMETRY_ENDPOINT", "127.0.0.1:1",
            "CF_TRACING_ENABLED", "false");
    ProxyTelemetrySdkBuilder control = Configurations.tracing(environment, "CF_TRACING_");
    try (ProxyTelemetrySdk telemetry = control.build()) {
      assertThat(telemetry.isEnabled()).isFalse();
    }
  }

  @Test
  void sendsMetricsToo_onlyWhereTheyAreAskedFor() throws Exception {
    Map<String, String> environment =
        Map.of(
            "PROXY_TRACING_ENABLED", "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
            "OTEL_METRICS_EXPORTER", "otlp");
    try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
      Configurations.drive(telemetry, new Headers());
      collector
          .received()
          .await(
              Configurations.LIMIT,
              received -> received.metricNames().contains("privacy_proxy_requests_total"));
    }
  }

  @Test
  void refusesARateThatIsNone() {
    assertThatThrownBy(
            () ->
                Configurations.environment(
                        Map.of(
                            "PROXY_TRACING_ENABLED", "true",
                            "PROXY_TRACING_ENDPOINT", collector.endpoint(),
                            "PROXY_TRACING_SAMPLE_RATE", "1.5"))
                    .build())
        .hasMessage(
            "PROXY_TRACING_SAMPLE_RATE: invalid value \"1.5\"; expected a number from 0.0 to"
                + " 1.0");
  }
}
