package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.OtlpReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of imgproxy, under its prefix and under ours. */
class ImgproxyConfigurationTest {
  private static final String IMGPROXY = "IMGPROXY_OPEN_TELEMETRY_";
  private static final String OURS = "PROXY_TELEMETRY_";

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "http"})
  void sendsWhatItAsksFor_overBothProtocols(String protocol) throws Exception {
    try (OtlpReceiver collector = receiver(protocol);
        ProxyTelemetrySdk telemetry = imgproxy(collector, protocol).build()) {
      Headers sent = Configurations.drive(telemetry, new Headers());
      collector
          .received()
          .await(
              Configurations.LIMIT,
              received ->
                  received.spans().size() == 2
                      && received.metricNames().contains("requests_in_progress"));
      assertThat(collector.received().resource()).containsEntry("service.name", "imgproxy");
      assertThat(sent.all("b3")).hasSize(1);
      assertThat(sent.all("traceparent")).isEmpty();
    }
  }

  @Test
  void usesTheIdsOfXrayAndPropagatesNothing_whereNothingIsSaid() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start()) {
      Map<String, String> environment =
          Map.of(IMGPROXY + "ENDPOINT", Configurations.hostPort(collector.endpoint()));
      long before = System.currentTimeMillis() / 1000;
      try (ProxyTelemetrySdk telemetry = Configurations.telemetry(environment, IMGPROXY).build()) {
        assertThat(Configurations.drive(telemetry, new Headers()).isEmpty()).isTrue();
      }
      collector.received().await(Configurations.LIMIT, received -> received.spans().size() == 2);
      long after = System.currentTimeMillis() / 1000;
      for (ReceivedSpan span : collector.received().spans()) {
        assertThat(Long.parseLong(span.traceId().substring(0, 8), 16)).isBetween(before, after);
      }
      assertThat(collector.received().metricNames()).isEmpty();
    }
  }

  /** By chance a random id looks like one of X-Ray's once in some hundred million runs. */
  @Test
  void makesRandomIds_whereTheyAreAskedFor() throws Exception {
    try (OtlpReceiver collector = OtlpGrpcReceiver.start()) {
      long before = System.currentTimeMillis() / 1000;
      try (ProxyTelemetrySdk telemetry = imgproxy(collector, "grpc").build()) {
        for (int i = 0; i < 8; i++) {
          telemetry.startExchange(Request.GET).end();
        }
      }
      long after = System.currentTimeMillis() / 1000;
      collector.received().await(Configurations.LIMIT, received -> received.spans().size() == 8);
      assertThat(collector.received().spans())
          .extracting(span -> Long.parseLong(span.traceId().substring(0, 8), 16))
          .doesNotHaveDuplicates()
          .noneMatch(start -> start >= before && start <= after);
    }
  }

  @Test
  void keepsOurDefaults_underOurPrefix() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start()) {
      Map<String, String> environment =
          Map.of(
              OURS + "ENDPOINT",
              Configurations.hostPort(collector.endpoint()),
              OURS + "ENABLE_METRICS",
              "true",
              OURS + "SERVICE_NAME",
              "edge",
              "OTEL_SERVICE_NAME",
              "less special",
              "OTEL_TRACES_SAMPLER",
              "always_on");
      try (ProxyTelemetrySdk telemetry = Configurations.environment(environment).build()) {
        assertThat(Configurations.drive(telemetry, new Headers()).all("traceparent")).hasSize(1);
      }
      collector
          .received()
          .await(
              Configurations.LIMIT,
              received -> received.metricNames().contains("privacy_proxy_requests_in_progress"));
      assertThat(collector.received().resource()).containsEntry("service.name", "edge");
    }
  }

  @Test
  void isOff_withoutAnEndpoint() {
    Map<String, String> environment =
        Map.of(
            IMGPROXY + "ENDPOINT",
            "",
            IMGPROXY + "SERVICE_NAME",
            "imgproxy",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:1");
    try (ProxyTelemetrySdk telemetry = Configurations.telemetry(environment, IMGPROXY).build()) {
      assertThat(telemetry.isEnabled()).isFalse();
    }
  }

  private static ProxyTelemetrySdkBuilder imgproxy(OtlpReceiver collector, String protocol) {
    Map<String, String> environment = new HashMap<>();
    environment.put(IMGPROXY + "ENDPOINT", Configurations.hostPort(collector.endpoint()));
    environment.put(IMGPROXY + "PROTOCOL", protocol);
    environment.put(IMGPROXY + "SERVICE_NAME", "imgproxy");
    environment.put(IMGPROXY + "ENABLE_METRICS", "true");
    environment.put(IMGPROXY + "PROPAGATORS", String.join(",", List.of("b3", "baggage")));
    environment.put(IMGPROXY + "TRACE_ID_GENERATOR", "random");
    return Configurations.telemetry(environment, IMGPROXY);
  }

  private static OtlpReceiver receiver(String protocol) throws Exception {
    return protocol.equals("grpc") ? OtlpGrpcReceiver.start() : OtlpHttpReceiver.start();
  }
}
