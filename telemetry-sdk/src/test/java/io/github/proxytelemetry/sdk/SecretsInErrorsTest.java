package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No secret is in an error of a failed start, its causes or stack traces. */
class SecretsInErrorsTest {
  private static final String SECRET = "planted-secret";
  private static final String KEY =
      "-----BEGIN PRIVATE KEY-----\n" + SECRET + "\n-----END PRIVATE KEY-----\n";

  static Stream<String> endpoints() {
    return Stream.of(
        "https://me:" + SECRET + "@collector.test:4317",
        "https://" + SECRET + "@collector.test:4317",
        "me:" + SECRET + "@collector.test:4317",
        "https://collector.test:4317?key=" + SECRET,
        "https://collector.test:4317/v1/traces?key=" + SECRET,
        "https://collector.test:4317#" + SECRET,
        "https://me:" + SECRET + "?#@collector.test:4317",
        "https://me:" + SECRET + " @collector.test:port",
        "ftp://me:" + SECRET + "@collector.test?key=" + SECRET);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void showNothing_ofAnEndpoint(String endpoint) {
    fails(() -> ProxyTelemetrySdk.builder("edge").otlp(endpoint).build().close());
    fails(
        () -> ProxyTelemetrySdk.builder("edge").otlp(endpoint, OtlpOptions::http).build().close());
    for (Map<String, String> variables :
        List.of(
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_EXPORTER_OTLP_INSECURE", "true"),
            Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", endpoint),
            Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint),
            Map.of("PROXY_TRACING_ENABLED", "1", "PROXY_TRACING_ENDPOINT", endpoint),
            Map.of("PROXY_TELEMETRY_ENDPOINT", endpoint))) {
      fails(() -> Configurations.environment(variables).build().close());
    }
    fails(() -> Configurations.map(Map.of("exporters.otlp[0].host", endpoint)).build().close());
    fails(
        () ->
            Configurations.map(Map.of("--tracing-enabled", "true", "--tracing-endpoint", endpoint))
                .build()
                .close());
  }

  static Stream<Consumer<OtlpOptions>> options() {
    return Stream.of(
        otlp -> otlp.header("x-api-key", SECRET + "\n"),
        otlp -> otlp.header("x-api-key: " + SECRET, ""),
        otlp -> otlp.tls(tls -> tls.trustedCertificates(SECRET)),
        otlp -> otlp.tls(tls -> tls.clientCertificate(SECRET, SECRET)),
        otlp -> otlp.tls(tls -> tls.clientCertificate(KEY, KEY)),
        otlp -> otlp.tls(tls -> tls.clientCertificate(Path.of(KEY), Path.of(KEY))),
        otlp -> otlp.tls(tls -> tls.trustedCertificates(Path.of(KEY))));
  }

  @ParameterizedTest
  @MethodSource("options")
  void showNothing_ofAnExportersOptions(Consumer<OtlpOptions> options) {
    fails(
        () ->
            ProxyTelemetrySdk.builder("edge").otlp("https://127.0.0.1:1", options).build().close());
  }

  static Stream<Map<String, String>> variables() {
    return Stream.of(
        Map.of("OTEL_EXPORTER_OTLP_HEADERS", SECRET),
        Map.of("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%" + SECRET),
        Map.of("OTEL_EXPORTER_OTLP_HEADERS", "a b=" + SECRET),
        Map.of("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "=" + SECRET),
        Map.of("OTEL_EXPORTER_OTLP_CLIENT_KEY", KEY, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", KEY),
        Map.of("OTEL_EXPORTER_OTLP_CLIENT_KEY", KEY),
        Map.of("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", KEY),
        Map.of("OTEL_EXPORTER_OTLP_CERTIFICATE", KEY),
        Map.of("PROXY_TELEMETRY_PROTOCOL", KEY),
        Map.of("PROXY_TELEMETRY_CLIENT_KEY", KEY),
        Map.of("PROXY_TELEMETRY_CLIENT_KEY", KEY, "PROXY_TELEMETRY_CLIENT_CERT", SECRET),
        Map.of("PROXY_TELEMETRY_SERVER_CERT", KEY),
        Map.of("PROXY_TELEMETRY_TOKEN", SECRET));
  }

  @ParameterizedTest
  @MethodSource("variables")
  void showNothing_ofVariables(Map<String, String> wrong) {
    Map<String, String> all = new HashMap<>(wrong);
    boolean standard = wrong.keySet().stream().allMatch(name -> name.startsWith("OTEL_"));
    if (standard) {
      all.put("OTEL_EXPORTER_OTLP_ENDPOINT", "https://127.0.0.1:1");
    } else {
      all.put("PROXY_TELEMETRY_ENDPOINT", "127.0.0.1:1");
    }
    fails(() -> Configurations.environment(all).build().close());
  }

  @Test
  void showNothing_ofAPrometheusPassword() {
    for (String[] wrong :
        new String[][] {{"me:" + SECRET, "x"}, {"", SECRET}, {"me" + SECRET + ":", ""}}) {
      fails(
          () ->
              ProxyTelemetrySdk.builder("edge")
                  .prometheus("127.0.0.1", 0, options -> options.basicAuth(wrong[0], wrong[1])));
    }
    fails(
        () ->
            ProxyTelemetrySdk.builder("edge")
                .prometheus("no address", 0, options -> options.basicAuth("scraper", SECRET))
                .build());
  }

  private static void fails(Runnable start) {
    Throwable thrown = catchThrowable(start::run);
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    StringWriter all = new StringWriter();
    thrown.printStackTrace(new PrintWriter(all));
    assertThat(all.toString()).doesNotContain(SECRET);
  }
}
