package io.github.proxytelemetry.otel;

import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.UPSTREAM_DURATION_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.TunnelKind;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that a host knows, in place of those of HTTP. */
class KnownMethodsTest {
  /** WebDAV (RFC 4918) is as much as fits. */
  private static final String[] WEBDAV = {
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "CONNECT",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK"
  };

  @Test
  void areLabelsAndSpanNames() {
    Bench bench = knowing(WEBDAV);
    for (String method : WEBDAV) {
      serve(bench, method, method);
      assertThat(bench.value(REQUESTS_TOTAL, "method", method)).isOne();
      assertThat(bench.sum(UPSTREAM_DURATION_SECONDS, Map.of(Dimension.METHOD, method))).isOne();
      assertThat(bench.spans.getFinishedSpanItems())
          .filteredOn(span -> span.getName().equals(method))
          .hasSize(2)
          .allSatisfy(span -> assertThat(method(span)).isEqualTo(method));
      bench.spans.reset();
    }
    assertThat(bench.value(REQUESTS_TOTAL, "method", "_OTHER")).isZero();
    assertThat(bench.total(REQUESTS_IN_PROGRESS)).isZero();
  }

  @Test
  void replaceTheDefaultOnes() {
    Bench bench = knowing("GET", "PROPFIND");
    for (String method : new String[] {"PUT", "POST", "CONNECT", "propfind", "LOCK"}) {
      serve(bench, method, method);
    }
    serve(bench, "GET", "PROPFIND");
    assertThat(bench.value(REQUESTS_TOTAL, "method", "_OTHER")).isEqualTo(5);
    assertThat(bench.value(REQUESTS_TOTAL, "method", "GET")).isOne();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "PROPFIND")).isZero();
    assertThat(bench.value(REQUESTS_TOTAL, "method", "PUT")).isEqualTo(-1);
    assertThat(bench.sum(UPSTREAM_DURATION_SECONDS, Map.of(Dimension.METHOD, "PROPFIND"))).isOne();
    assertThat(bench.span("PROPFIND").getKind().name()).isEqualTo("CLIENT");
    assertThat(bench.span("HTTP").getAttributes().get(HttpAttributes.HTTP_REQUEST_METHOD))
        .isEqualTo("_OTHER");
  }

  /** The status of a call, and the target of a tunnel, do not depend on a label. */
  @Test
  void leaveAloneWhatAPostAndAConnectMean() {
    Bench bench = knowing("GET");
    ExchangeObservation call = bench.telemetry.startExchange(Request.of("POST"));
    Headers head = new Headers().with("content-type", "application/grpc").with("grpc-status", "14");
    call.responseStarted(200, head, Headers.ACCESS);
    call.end();
    assertThat(Bench.attribute(bench.span("HTTP"), AttributeKey.longKey("rpc.grpc.status_code")))
        .isEqualTo(14);
    bench.spans.reset();
    bench.telemetry.startExchange(Request.CONNECT).startTunnel(TunnelKind.CONNECT).end();
    assertThat(Bench.attribute(bench.span("HTTP"), UrlAttributes.URL_PATH)).isNull();
  }

  @Test
  void areNoMoreThanHaveRoom() {
    String[] more = IntStream.range(0, 13).mapToObj(i -> "M" + i).toArray(String[]::new);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MetricOptions().knownMethods(more))
        .withMessageStartingWith("known methods: invalid value \"M0,M1,")
        .withMessageEndingWith("\"; expected at most 12 besides POST and CONNECT");
    assertThatCode(() -> new MetricOptions().knownMethods("A", "A", "B"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G T", "GET/", "é", "A\n"})
  void areTokens(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MetricOptions().knownMethods(method))
        .withMessageContaining("expected a name such as PROPFIND");
  }

  private static void serve(Bench bench, String method, String upstream) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.of(method));
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(Request.of(upstream));
    attempt.responseStarted(200);
    attempt.responseEnd();
    exchange.responseStarted(200);
    exchange.end();
  }

  private static String method(SpanData span) {
    return span.getAttributes().get(HttpAttributes.HTTP_REQUEST_METHOD);
  }

  private static Bench knowing(String... methods) {
    return Bench.with(
        Sampling.always(),
        options -> options.layers(Layers.all()).metrics(metrics -> metrics.knownMethods(methods)));
  }
}
