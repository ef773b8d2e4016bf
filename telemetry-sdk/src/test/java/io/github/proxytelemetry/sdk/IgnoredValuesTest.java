package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.SdkSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Enum values of {@code OTEL_*}: without regard to case, and unknown ones told and ignored, as the
 * specification wants.
 */
class IgnoredValuesTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  static Stream<Arguments> unknown() {
    return Stream.of(
        Arguments.of("OTEL_TRACES_EXPORTER", "zipkin", "otlp, or none alone"),
        Arguments.of("OTEL_TRACES_EXPORTER", "prometheus", "otlp, or none alone"),
        Arguments.of("OTEL_METRICS_EXPORTER", "console", "otlp, prometheus, or none alone"),
        Arguments.of("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc or http/protobuf"),
        Arguments.of("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "gzip or none"),
        Arguments.of(
            "OTEL_PROPAGATORS",
            "zipkin",
            "tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, or none alone"),
        Arguments.of(
            "OTEL_TRACES_SAMPLER",
            "jaeger_remote",
            "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or"
                + " parentbased_traceidratio"));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void areToldAndCountAsAbsent(String key, String value, String expected) {
    SdkSpec plain = read(Map.of(ENDPOINT, "c:1"));
    AtomicReference<SdkSpec> read = new AtomicReference<>();
    assertThat(LogLines.of(() -> read.set(read(Map.of(ENDPOINT, "c:1", key, value)))))
        .containsExactly(
            "Ignored: " + key + ": invalid value \"" + value + "\"; expected " + expected);
    SdkSpec sdk = read.get();
    assertThat(sdk.otlp).hasSize(1);
    assertThat(sdk.otlp.get(0).http).isFalse();
    assertThat(sdk.otlp.get(0).gzip).isFalse();
    assertThat(sdk.otlp.get(0).traces).isTrue();
    assertThat(sdk.otlp.get(0).metrics).isTrue();
    assertThat(sdk.propagators.fields()).isEqualTo(plain.propagators.fields());
    assertThat(sdk.sampling).hasToString(plain.sampling.toString());
  }

  @Test
  void leaveTheKnownOnesOfAList() {
    SdkSpec sdk =
        read(
            Map.of(
                ENDPOINT,
                "c:1",
                "OTEL_METRICS_EXPORTER",
                "console,Prometheus",
                "OTEL_PROPAGATORS",
                "zipkin, B3"));
    assertThat(sdk.prometheus).hasSize(1);
    assertThat(sdk.otlp).hasSize(1);
    assertThat(sdk.otlp.get(0).metrics).isFalse();
    assertThat(sdk.propagators.fields()).contains("b3");
  }

  @Test
  void areKnownInAnyCase() {
    Map<String, String> variables = new HashMap<>();
    variables.put(ENDPOINT, "http://c:1");
    variables.put("OTEL_TRACES_EXPORTER", "OTLP");
    variables.put("OTEL_METRICS_EXPORTER", "None");
    variables.put("OTEL_EXPORTER_OTLP_PROTOCOL", "HTTP/Protobuf");
    variables.put("OTEL_EXPORTER_OTLP_COMPRESSION", "GZIP");
    variables.put("OTEL_PROPAGATORS", "NONE");
    variables.put("OTEL_TRACES_SAMPLER", "Always_On");
    AtomicReference<SdkSpec> read = new AtomicReference<>();
    assertThat(LogLines.of(() -> read.set(read(variables)))).isEmpty();
    SdkSpec sdk = read.get();
    assertThat(sdk.otlp).hasSize(1);
    assertThat(sdk.otlp.get(0).http).isTrue();
    assertThat(sdk.otlp.get(0).gzip).isTrue();
    assertThat(sdk.otlp.get(0).metrics).isFalse();
    assertThat(sdk.propagators.fields()).isEmpty();
    assertThat(sdk.sampling.sample(Request.GET, -1)).isTrue();
    assertThat(sdk.sampling).isSameAs(Sampling.always());
  }

  /** A key in the wrong variable is not told. */
  @Test
  void showNoSecret() {
    String key = "-----BEGIN PRIVATE KEY-----\nsecret";
    List<String> lines =
        LogLines.of(() -> read(Map.of(ENDPOINT, "c:1", "OTEL_EXPORTER_OTLP_PROTOCOL", key)));
    assertThat(lines)
        .containsExactly(
            "Ignored: OTEL_EXPORTER_OTLP_PROTOCOL: invalid value ***; expected grpc or"
                + " http/protobuf");
  }

  private static SdkSpec read(Map<String, String> variables) {
    return Configurations.environment(variables).spec;
  }
}
