package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Error messages of invalid configurations. */
class ConfigurationErrorsTest {
  private static final Pattern SPELLED = Pattern.compile("(?:--)?[a-z]+(?:[.-][a-z]+)+");

  static Stream<Arguments> variables() {
    return Stream.concat(VariableMistakes.standard(), VariableMistakes.ours());
  }

  @ParameterizedTest
  @MethodSource("variables")
  void namesTheVariable(String message, Map<String, String> variables) {
    check(message, () -> Configurations.environment(variables).build());
  }

  @ParameterizedTest
  @MethodSource("variables")
  void namesTheProperty_whereItCameFromThere(String message, Map<String, String> variables) {
    Map<String, String> properties = new LinkedHashMap<>();
    variables.forEach((name, value) -> properties.put(property(name), value));
    check(
        ConfigurationErrorsTest::property,
        message,
        variables,
        () -> Configurations.given(Map.of(), properties, Map.of()).build());
  }

  static Stream<Arguments> flags() {
    return VariableMistakes.ours()
        .filter(
            mistake ->
                ((Map<?, ?>) mistake.get()[1])
                    .keySet().stream()
                        .allMatch(name -> String.valueOf(name).startsWith("PROXY_TRACING_")));
  }

  @ParameterizedTest
  @MethodSource("flags")
  void namesTheFlag_whereItCameFromThere(String message, Map<String, String> variables) {
    Map<String, String> flags = new LinkedHashMap<>();
    variables.forEach((name, value) -> flags.put(flag(name), value));
    check(
        ConfigurationErrorsTest::flag, message, variables, () -> Configurations.map(flags).build());
  }

  static Stream<Arguments> documents() {
    return KrakendMistakes.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void namesThePath(String message, Map<String, ?> document) {
    check(message, () -> Configurations.map(document).build());
  }

  @Test
  void namesTheFlag() {
    check(
        "--tracing-sample-rate: invalid value \"7\"; expected a number from 0.0 to 1.0",
        () ->
            Configurations.map(
                    Map.of(
                        "--tracing-enabled",
                        true,
                        "--tracing-endpoint",
                        VariableMistakes.HOST,
                        "--tracing-sample-rate",
                        7))
                .build());
    check(
        "--tracing-port: is unknown; expected PROXY_TRACING_ENABLED, PROXY_TRACING_ENDPOINT,"
            + " PROXY_TRACING_SAMPLE_RATE",
        () -> Configurations.map(Map.of("--tracing-port", 1)).build());
  }

  @Test
  void refusesAKeyGivenTwice() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("OTEL_SERVICE_NAME", "a");
    map.put("otel.service.name", "b");
    check(
        "otel.service.name: is given twice, also as OTEL_SERVICE_NAME; expected once",
        () -> Configurations.map(map).build());
  }

  @Test
  void refusesAPrefixThatIsNone() {
    String expected =
        "; expected capital letters, digits and underscores with one at the end, but not OTEL_";
    for (String prefix : List.of("CF_TRACING", "cf_", "OTEL_X_")) {
      check(
          "prefix: invalid value \"" + prefix + "\"" + expected,
          () -> Configurations.tracing(Map.of(), prefix));
    }
  }

  /** The mistake is named as it was given, whatever else is named may be so or as a variable. */
  private static void check(
      UnaryOperator<String> spelling,
      String message,
      Map<String, String> variables,
      ThrowingCallable build) {
    Map<String, String> spelled = new HashMap<>();
    variables.keySet().forEach(name -> spelled.put(spelling.apply(name), name));
    String actual = failure(build);
    String key = message.split("[: ]", 2)[0];
    assertThat(actual).startsWith(variables.containsKey(key) ? spelling.apply(key) : key);
    assertThat(SPELLED.matcher(actual).replaceAll(word -> spelled.getOrDefault(word.group(), "$0")))
        .isEqualTo(message);
  }

  private static void check(String message, ThrowingCallable build) {
    assertThat(failure(build)).isEqualTo(message);
  }

  private static String failure(ThrowingCallable build) {
    Throwable thrown = catchThrowable(build);
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    assertThat(everythingSaid(thrown)).doesNotContain(VariableMistakes.SECRET);
    return String.valueOf(thrown.getMessage());
  }

  private static String everythingSaid(Throwable thrown) {
    List<String> messages = new ArrayList<>();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      messages.add(cause.toString());
    }
    return String.join("\n", messages);
  }

  private static String flag(String variable) {
    return "--" + variable.substring("PROXY_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
