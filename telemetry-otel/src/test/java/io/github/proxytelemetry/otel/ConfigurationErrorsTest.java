package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads who made a mistake. */
class ConfigurationErrorsTest {
  static Stream<Arguments> variables() {
    return Stream.concat(VariableMistakes.standard(), VariableMistakes.ours());
  }

  @ParameterizedTest
  @MethodSource("variables")
  void namesTheVariable(String message, Map<String, String> variables) {
    check(message, Configurations.environment(variables));
  }

  @ParameterizedTest
  @MethodSource("variables")
  void namesTheProperty_whereItCameFromThere(String message, Map<String, String> variables) {
    Map<String, String> properties = new LinkedHashMap<>();
    variables.forEach((name, value) -> properties.put(property(name), value));
    Throwable thrown =
        catchThrowable(() -> Configurations.given(Map.of(), properties, Map.of()).build());
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    String key = message.substring(0, message.indexOf(message.contains(" (file") ? ' ' : ':'));
    assertThat(thrown.getMessage()).startsWith(variables.containsKey(key) ? property(key) : key);
  }

  static Stream<Arguments> documents() {
    return KrakendMistakes.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesThePath(String message, Map<String, ?> document) {
    check(message, Configurations.map(document));
  }

  @Test
  void namesTheFlag() {
    check(
        "--tracing-sample-rate: was \"7\", allowed are numbers from 0.0 to 1.0",
        Configurations.map(
            Map.of(
                "--tracing-enabled",
                true,
                "--tracing-endpoint",
                VariableMistakes.HOST,
                "--tracing-sample-rate",
                7)));
    check(
        "--tracing-port: is unknown, allowed are PROXY_TRACING_ENABLED, PROXY_TRACING_ENDPOINT,"
            + " PROXY_TRACING_SAMPLE_RATE",
        Configurations.map(Map.of("--tracing-port", 1)));
  }

  @Test
  void refusesAKeyGivenTwice() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("OTEL_SERVICE_NAME", "a");
    map.put("otel.service.name", "b");
    check(
        "otel.service.name: was given twice, also as OTEL_SERVICE_NAME, allowed is once",
        Configurations.map(map));
  }

  @Test
  void refusesAPrefixThatIsNone() {
    String allowed =
        ", allowed are capital letters, digits and underscores with one at the end, but not OTEL_";
    for (String prefix : List.of("CF_TRACING", "cf_", "OTEL_X_")) {
      check(
          "prefix: was \"" + prefix + "\"" + allowed,
          Configurations.map(Map.of()).tracingPrefix(prefix));
    }
  }

  private static void check(String message, OtelProxyTelemetryBuilder builder) {
    Throwable thrown = catchThrowable(builder::build);
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    assertThat(everythingSaid(thrown)).doesNotContain(VariableMistakes.SECRET);
  }

  private static List<String> everythingSaid(Throwable thrown) {
    List<String> said = new ArrayList<>();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      said.add(cause.toString());
    }
    return said;
  }

  private static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
