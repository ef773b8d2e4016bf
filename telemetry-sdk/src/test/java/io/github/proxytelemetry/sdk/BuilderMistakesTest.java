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

/** What a person reads who called the builder with something that cannot be. */
class BuilderMistakesTest {
  static Stream<Arguments> calls() {
    return Stream.of(
        wrong(
            "resource attribute: was \" \", allowed is any name that is not blank",
            () -> builder().resourceAttribute(" ", "x")),
        wrong(
            "otlp timeout: was PT0S, allowed is any duration above zero",
            () -> builder().otlp("", otlp -> otlp.timeout(Duration.ZERO))),
        wrong(
            "otlp interval: was PT-1S, allowed is any duration above zero",
            () -> builder().otlp("", otlp -> otlp.interval(Duration.ofSeconds(-1)))),
        wrong(
            "captured header: was \"Cookie\", allowed is the name of any header but authorization,"
                + " proxy-authorization, cookie and set-cookie, which are secrets",
            () -> Capture.builder().requestHeaders("Cookie")),
        wrong(
            "captured destination: was \"a*\", allowed is a host name or an address without"
                + " brackets, or *. and a domain",
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
            "exporter name: was \"prometheus\", allowed are []",
            () -> builder().build().prometheusAddress("prometheus")),
        wrong(
            "metric name: was \"same\" for both PROXY_DURATION_SECONDS and"
                + " UPSTREAM_REQUESTS_STARTED_TOTAL, allowed for one kind and unit, where both have a label for their stage",
            () ->
                builder()
                    .recording(options -> options.naming(BuilderMistakesTest::sameForTwo))
                    .build()),
        wrong(
            "gauge name: was \"1\", allowed are a letter and then up to 254 letters, digits and"
                + " _.-/",
            () -> gauge("1", "1")),
        wrong(
            "gauge unit: was \"two words\", allowed are up to 63 characters of ASCII, no space",
            () -> gauge("a", "two words")),
        wrong(
            "work: was \"a b\", allowed are a letter or _ and then up to 99 letters, digits and _",
            () -> OtelProxyTelemetry.create(OpenTelemetry.noop()).inProgress("a b")));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void saysWhatWasGivenAndWhatIsAllowed(String message, ThrowingCallable call) {
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
