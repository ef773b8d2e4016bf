package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.Privacy;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of invalid builder calls. */
class BuilderMistakesTest {
  static Stream<Arguments> calls() {
    return Stream.of(
        wrong(
            "resource attribute: invalid value \" \"; expected a name that is not blank",
            () -> builder().resourceAttribute(" ", "x")),
        wrong(
            "otlp timeout: invalid value PT0S; expected a duration above zero",
            () -> builder().otlp("", otlp -> otlp.timeout(Duration.ZERO))),
        wrong(
            "otlp interval: invalid value PT-1S; expected a duration above zero",
            () -> builder().otlp("", otlp -> otlp.interval(Duration.ofSeconds(-1)))),
        wrong(
            "captured header: invalid value \"Cookie\"; expected the name of any header but authorization,"
                + " proxy-authorization, cookie and set-cookie, which are secrets",
            () -> Capture.builder().requestHeaders("Cookie")),
        wrong(
            "captured destination: invalid value \"a*\"; expected a host name, an address"
                + " without brackets, or *. and a domain",
            () -> Capture.builder().destinations("a*").build()),
        wrong(
            "privacy: invalid value STRICT with a capture; expected one or the other: STRICT"
                + " captures nothing",
            () ->
                builder()
                    .recording(
                        options ->
                            options
                                .privacy(Privacy.STRICT)
                                .capture(Capture.builder().query().build()))
                    .build()),
        wrong(
            "exporter name: invalid value \"prometheus\"; expected one of []",
            () -> builder().build().prometheusAddress("prometheus")),
        wrong(
            "metric name: invalid value \"same\" for both PROXY_DURATION_SECONDS and"
                + " UPSTREAM_REQUESTS_STARTED_TOTAL; expected names that differ, or one kind and"
                + " unit and a label for the stage",
            () ->
                builder()
                    .recording(options -> options.naming(BuilderMistakesTest::sameForTwo))
                    .build()),
        wrong(
            "gauge name: invalid value \"1\"; expected a letter and then up to 254 letters, digits and"
                + " _.-/",
            () -> gauge("1", "1")),
        wrong(
            "gauge unit: invalid value \"two words\"; expected up to 63 characters of ASCII"
                + " without spaces",
            () -> gauge("a", "two words")),
        wrong(
            "work: invalid value \"a b\"; expected a letter or _ and then up to 99 letters, digits and _",
            () -> OtelProxyTelemetry.create(OpenTelemetry.noop()).inProgress("a b")));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void reportsWhatWasGivenAndWhatIsAllowed(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static String sameForTwo(Instrument instrument) {
    return switch (instrument) {
      case PROXY_DURATION_SECONDS, UPSTREAM_REQUESTS_STARTED_TOTAL -> "same";
      default -> instrument.name();
    };
  }

  private static void gauge(String name, String unit) {
    OtelProxyTelemetry.create(OpenTelemetry.noop()).gauge(name, unit, () -> 1);
  }

  private static ProxyTelemetrySdkBuilder builder() {
    return ProxyTelemetrySdk.builder("t");
  }

  private static Arguments wrong(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }
}
