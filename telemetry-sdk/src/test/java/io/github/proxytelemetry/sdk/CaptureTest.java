package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OwnBench;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captured data, which spans record beyond the conventions. */
class CaptureTest {
  private final Capture.Builder capture = Capture.builder();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportsWhatWasAskedFor_atOnceOrLate(boolean late) throws UnknownHostException {
    capture.requestHeaders("X-Tenant", "x-absent");
    capture.responseHeaders("X-Cache");
    capture.clientAddress();
    capture.query();
    capture.destinations("*.example.com");
    Bench bench = bench(late);
    Headers request = new Headers().with("x-tenant", "a").with("x-tenant", "b").with("x-no", "c");
    SpanData server =
        serve(
            bench,
            new Request("GET", "/p?a=1&sig=hidden&b=2#f", request),
            new Headers().with("x-cache", "HIT").with("x-cache", "MISS").with("x-no", "d"),
            new InetSocketAddress(linkLocal(), 5),
            Upstream.of("WWW.Example.com.", 443));
    assertThat(server.getAttributes().get(header("request", "x-tenant"))).containsExactly("a", "b");
    assertThat(server.getAttributes().get(header("request", "x-absent"))).isNull();
    assertThat(server.getAttributes().get(header("response", "x-cache"))).containsExactly("HIT");
    assertThat(value(server, "client.address")).isEqualTo("fe80:0:0:0:0:0:0:1");
    assertThat(value(server, "url.query")).isEqualTo("a=1&sig=REDACTED&b=2");
    assertThat(server.toString()).doesNotContain("x-no", "hidden");
    SpanData client = span(bench, SpanKind.CLIENT);
    assertThat(value(client, "server.address")).isEqualTo("WWW.Example.com.");
    assertThat(client.getAttributes().get(AttributeKey.longKey("server.port"))).isEqualTo(443);
  }

  @Test
  void reportsNoneOfIt_unlessAsked() {
    Bench bench = bench(false);
    SpanData server =
        serve(
            bench,
            new Request("GET", "/p?secret", new Headers().with("user-agent", "secret")),
            new Headers().with("x-cache", "secret"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 5),
            Upstream.of("secret.test", 443));
    assertThat(server.toString() + span(bench, SpanKind.CLIENT))
        .doesNotContain("secret", "127.0.0.1");
  }

  @Test
  void cutsEveryValue_betweenCharacters() {
    capture.requestHeaders("x-a");
    capture.query();
    String smile = "\uD83D\uDE00";
    String text = "x".repeat(255) + smile + "y".repeat(100_000);
    SpanData server =
        serve(
            bench(false),
            new Request("GET", "/?" + text, new Headers().with("x-a", text)),
            new Headers(),
            null,
            Bench.ORIGIN);
    assertThat(server.getAttributes().get(header("request", "x-a")))
        .containsExactly("x".repeat(255));
    assertThat(value(server, "url.query")).isEqualTo("x".repeat(255));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"authorization", "Proxy-Authorization", "COOKIE", "set-cookie", "", "a b", "a:b"})
  void refusesSecretsAndWhatIsNoName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Capture.builder().requestHeaders("x-ok", name))
        .withMessageContaining("captured header: invalid value \"" + name + "\"; expected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Capture.builder().responseHeaders(name))
        .withMessageContaining("; expected");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "/a, null",
        "/a?, null",
        "/a#?b, null",
        "/a?b=1, b=1",
        "/a?b=1#c?d, b=1",
        "/a?x=1&x=2&&y, x=1&x=2&&y",
        "/a?X-Amz-Signature=s&x=1, X-Amz-Signature=REDACTED&x=1",
        "/a?x-amz-signature=s, x-amz-signature=REDACTED",
        "/a?sig=s&Signature=s&AWSAccessKeyId=s, sig=REDACTED&Signature=REDACTED&AWSAccessKeyId=REDACTED",
        "/a?X-Amz-Credential=s&X-Amz-Security-Token=s, X-Amz-Credential=REDACTED&X-Amz-Security-Token=REDACTED",
        "/a?X-Goog-Signature=s, X-Goog-Signature=REDACTED",
        "/a?sig=, sig=REDACTED",
        "/a?sig, sig",
        "/a?signal=1, signal=1",
        "/a?sig=s=s?s, sig=REDACTED",
      })
  void redactsWhatTheConventionsName(String target, @Nullable String query) {
    capture.query();
    SpanData server =
        serve(
            bench(false),
            new Request("GET", target, new Headers()),
            new Headers(),
            null,
            Bench.ORIGIN);
    assertThat(value(server, "url.query")).isEqualTo(query);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, true",
    "example.com, EXAMPLE.com., true",
    "Example.COM., example.com, true",
    "example.com, www.example.com, false",
    "*.example.com, www.example.com, true",
    "*.example.com, a.b.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, badexample.com, false",
    "*.example.com, example.com.evil.test, false",
    "::1, ::1, true",
    "10.0.0.1, 110.0.0.1, false",
  })
  void allowsHosts(String pattern, String host, boolean matches) {
    capture.destinations(pattern);
    Bench bench = bench(false);
    serve(bench, Request.GET, new Headers(), null, Upstream.of(host, 443));
    assertThat(value(span(bench, SpanKind.CLIENT), "server.address"))
        .isEqualTo(matches ? host : null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "*.", "a.*", "http://a", "a/b", "[::1]", "a b", "*a.com"})
  void refusesWhatIsNoHost(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Capture.builder().destinations(pattern))
        .withMessageContaining("captured destination: invalid value \"" + pattern + "\"; expected");
  }

  @Test
  void refusesToCapture_wherePrivacyIsStrict() {
    for (Capture.Builder strict :
        List.of(
            Capture.builder().clientAddress(),
            Capture.builder().query(),
            Capture.builder().destinations("a"),
            Capture.builder().requestHeaders("a"),
            Capture.builder().responseHeaders("a"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  OtelProxyTelemetry.builder(OpenTelemetry.noop())
                      .privacy(Privacy.STRICT)
                      .capture(strict.build())
                      .build())
          .withMessageStartingWith("privacy: invalid value STRICT with a capture");
    }
  }

  /** An address with a zone, which is meaningless on another machine. */
  private static InetAddress linkLocal() throws UnknownHostException {
    byte[] address = new byte[16];
    address[0] = (byte) 0xfe;
    address[1] = (byte) 0x80;
    address[15] = 1;
    return Inet6Address.getByAddress(null, address, 1);
  }

  private Bench bench(boolean late) {
    return OwnBench.of(
        late ? Sampling.never().keepErrorsAndSlow(Duration.ofMillis(1)) : Sampling.always(),
        options -> options.capture(capture.build()));
  }

  private static SpanData serve(
      Bench bench,
      Request request,
      Headers response,
      @Nullable SocketAddress peer,
      Upstream upstream) {
    DownstreamObservation connection = bench.telemetry.startDownstreamConnection(null, peer);
    ExchangeObservation exchange = connection.startExchange(request);
    exchange.startAttempt(upstream).end();
    bench.after(1);
    exchange.responseStarted(200, response, Headers.ACCESS);
    exchange.end();
    connection.end();
    return span(bench, SpanKind.SERVER);
  }

  private static SpanData span(Bench bench, SpanKind kind) {
    return bench.spans.getFinishedSpanItems().stream()
        .filter(span -> span.getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable String value(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  private static AttributeKey<List<String>> header(String side, String name) {
    return AttributeKey.stringArrayKey("http." + side + ".header." + name);
  }
}
