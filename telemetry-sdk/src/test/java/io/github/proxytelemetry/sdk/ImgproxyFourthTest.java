package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OtlpSpec;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import io.github.proxytelemetry.testbed.OtlpGrpcReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of imgproxy 4, and what of those of imgproxy 3 is still there. */
class ImgproxyFourthTest {
  private static final String PREFIX = "IMGPROXY_OPEN_TELEMETRY_";

  @Test
  void sendsToTheCollectorOfTheStandardVariables() throws Exception {
    try (OtlpGrpcReceiver collector = OtlpGrpcReceiver.start()) {
      Map<String, String> variables =
          Map.of(
              PREFIX + "ENABLE",
              "true",
              PREFIX + "ENABLE_METRICS",
              "1",
              "OTEL_EXPORTER_OTLP_ENDPOINT",
              collector.endpoint());
      try (ProxyTelemetrySdk telemetry = imgproxy(variables).build()) {
        assertThat(Configurations.drive(telemetry, new Headers()).isEmpty()).isTrue();
        collector
            .received()
            .await(
                Configurations.LIMIT,
                received ->
                    received.spans().size() == 2
                        && received.metricNames().contains("requests_in_progress"));
      }
      assertThat(collector.received().resource()).containsEntry("service.name", "imgproxy");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ENABLE,         true, 'traceparent,tracestate,baggage', false",
    "ENDPOINT,       c:1,  '',                               true"
  })
  void hasTheDefaultsOfItsGeneration(String key, String value, String fields, boolean propagates) {
    SdkSpec sdk = imgproxy(Map.of(PREFIX + key, value)).spec;
    assertThat(String.join(",", sdk.propagators.fields())).isEqualTo(fields);
    assertThat(sdk.xrayIds).isTrue();
    assertThat(sdk.otlp).hasSize(1);
    assertThat(sdk.otlp.get(0).metrics).isFalse();
    Map<String, String> variables = new HashMap<>(Map.of(PREFIX + key, value));
    variables.put("OTEL_PROPAGATORS", "tracecontext");
    assertThat(propagates(variables)).isEqualTo(propagates);
  }

  @ParameterizedTest
  @CsvSource({"ENABLE, true", "ENDPOINT, 127.0.0.1:1"})
  void propagatesWhereItIsToldTo(String key, String value) {
    Map<String, String> variables = new HashMap<>();
    variables.put(PREFIX + key, value);
    variables.put("OTEL_PROPAGATORS", "tracecontext");
    for (boolean external : new boolean[] {true, false}) {
      variables.put(PREFIX + "PROPAGATE_EXTERNAL", String.valueOf(external));
      assertThat(propagates(variables)).isEqualTo(external);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "0"})
  void isOff_whereItIsSwitchedOff(String off) {
    Map<String, String> variables = Map.of(PREFIX + "ENABLE", off, PREFIX + "ENDPOINT", "c:1");
    assertThat(imgproxy(variables).spec.otlp).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://c:1,  ,              https://c:1, false",
    "http://c:1,   http/protobuf, http://c:1,  true",
    "https://c:1,  http/protobuf, https://c:1, true",
    "https://c:1,  HTTP,          https://c:1, true",
    "c:1,          http/protobuf, http://c:1,  true"
  })
  void takesTheSchemeOfTheEndpoint(String given, String protocol, String url, boolean http) {
    Map<String, String> variables = new HashMap<>(Map.of(PREFIX + "ENDPOINT", given));
    if (protocol != null) {
      variables.put(PREFIX + "PROTOCOL", protocol);
    }
    OtlpSpec otlp = imgproxy(variables).spec.otlp.get(0);
    assertThat(otlp.endpoint).isEqualTo(url);
    assertThat(otlp.http).isEqualTo(http);
  }

  @Test
  void tellsWhatHasNoEffect() {
    Map<String, String> variables = new HashMap<>();
    variables.put(PREFIX + "ENDPOINT", "c:1");
    variables.put(PREFIX + "CONNECTION_TIMEOUT", "5");
    variables.put(PREFIX + "ENABLE_LOGS", "true");
    variables.put(PREFIX + "LOGGER_NAME", "img");
    variables.put(PREFIX + "CLIENT_CERT", "secret");
    AtomicReference<SdkSpec> read = new AtomicReference<>();
    assertThat(LogLines.of(() -> read.set(imgproxy(variables).spec)))
        .containsExactly(
            "Settings without effect on this telemetry: IMGPROXY_OPEN_TELEMETRY_CONNECTION_TIMEOUT"
                + " (OTEL_EXPORTER_OTLP_TIMEOUT is for a whole export),"
                + " IMGPROXY_OPEN_TELEMETRY_ENABLE_LOGS (no logs are exported),"
                + " IMGPROXY_OPEN_TELEMETRY_LOGGER_NAME (no logs are exported),"
                + " IMGPROXY_OPEN_TELEMETRY_CLIENT_CERT (there is no CLIENT_KEY)");
    OtlpSpec otlp = read.get().otlp.get(0);
    assertThat(otlp.endpoint).isEqualTo("http://c:1");
    assertThat(otlp.tls).isNull();
  }

  @Test
  void servesPrometheus_withoutACollector() throws Exception {
    Map<String, String> variables =
        Map.of("IMGPROXY_PROMETHEUS_BIND", "127.0.0.1:0", "IMGPROXY_PROMETHEUS_NAMESPACE", "img");
    try (ProxyTelemetrySdk telemetry = imgproxy(variables).build()) {
      assertThat(telemetry.isEnabled()).isTrue();
      telemetry.startExchange(Request.GET).end();
      URI uri =
          URI.create(
              "http://127.0.0.1:"
                  + telemetry.prometheusAddress("prometheus").getPort()
                  + "/metrics");
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Configurations.LIMIT).build();
      assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
          .contains("img_requests_total");
    }
  }

  @ParameterizedTest
  @CsvSource({":9, 0.0.0.0", "[::1]:9, ::1", "localhost:9, localhost"})
  void listensWhereItIsTold(String bind, String host) {
    SdkSpec sdk = imgproxy(Map.of("IMGPROXY_PROMETHEUS_BIND", bind)).spec;
    assertThat(sdk.prometheus).hasSize(1);
    assertThat(sdk.prometheus.get(0).host).isEqualTo(host);
    assertThat(sdk.prometheus.get(0).port).isEqualTo(9);
  }

  @Test
  void namesTheVariableOfAMistake() {
    assertThatThrownBy(() -> imgproxy(Map.of("IMGPROXY_PROMETHEUS_BIND", "8081")))
        .hasMessage(
            "IMGPROXY_PROMETHEUS_BIND: invalid value \"8081\"; expected host:port, or :port for all"
                + " addresses of this machine");
    Map<String, String> namespace =
        Map.of("IMGPROXY_PROMETHEUS_BIND", ":0", "IMGPROXY_PROMETHEUS_NAMESPACE", "9-");
    assertThatThrownBy(() -> imgproxy(namespace))
        .hasMessage(
            "IMGPROXY_PROMETHEUS_NAMESPACE: invalid value \"9-\"; expected letters, digits and"
                + " underscores, not starting with a digit");
  }

  @Test
  void isReadUnderItsOwnPrefixOnly() {
    assertThat(Configurations.environment(Map.of("IMGPROXY_PROMETHEUS_BIND", ":0")).spec.prometheus)
        .isEmpty();
    assertThatThrownBy(() -> Configurations.environment(Map.of("PROXY_TELEMETRY_ENABLE", "true")))
        .hasMessageStartingWith("PROXY_TELEMETRY_ENABLE: is unknown; expected ");
  }

  private static boolean propagates(Map<String, String> variables) {
    try (ProxyTelemetrySdk telemetry = imgproxy(variables).build()) {
      Headers sent = new Headers();
      AttemptObservation attempt = telemetry.startAttempt(Bench.ORIGIN);
      attempt.inject(sent, Headers.ACCESS);
      attempt.end();
      telemetry.close(Duration.ZERO);
      return !sent.isEmpty();
    }
  }

  private static ProxyTelemetrySdkBuilder imgproxy(Map<String, String> variables) {
    return Configurations.telemetry(variables, PREFIX);
  }
}
