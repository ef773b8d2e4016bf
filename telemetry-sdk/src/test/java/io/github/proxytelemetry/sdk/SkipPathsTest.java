package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.DownstreamObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.TunnelKind;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Privacy;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.sdk.export.OwnBench;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SkipPathsTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void doesNotObserveWhatIsSkipped() {
    Bench bench = skipping(Privacy.STANDARD);
    Headers sent = new Headers().with("traceparent", PARENT).with("tracestate", "a=1");
    Headers response = new Headers();
    DownstreamObservation connection = bench.telemetry.startDownstreamConnection(null, null);
    forward(connection.startExchange(new PathOnly("/foo/7?x")), sent, response);
    forward(connection.startExchange(new PathOnly("/debug/x/y"), 1), sent, response);
    forward(bench.telemetry.startExchange(new PathOnly("/foo/8")), sent, response);
    connection.end();
    assertThat(sent.all("traceparent")).containsExactly(PARENT);
    assertThat(sent.all("tracestate")).containsExactly("a=1");
    assertThat(response.isEmpty()).isTrue();
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
    assertThat(bench.total(Instrument.REQUESTS_TOTAL)).isZero();
    assertThat(bench.total(Instrument.ATTEMPTS_TOTAL)).isZero();
    assertThat(bench.total(Instrument.REQUESTS_IN_PROGRESS)).isZero();
    assertThat(bench.total(Instrument.CONNECTIONS_TOTAL)).isEqualTo(1);
  }

  @Test
  void observesEverythingElse() {
    Bench bench = skipping(Privacy.STANDARD);
    bench.telemetry.startExchange(new Request("GET", "/foo", new Headers())).end();
    bench.telemetry.startExchange(new Request("GET", "/foo/7/8", new Headers())).end();
    bench.telemetry.startExchange(Request.CONNECT).end();
    assertThat(bench.total(Instrument.REQUESTS_TOTAL)).isEqualTo(3);
    assertThat(bench.spans.getFinishedSpanItems()).hasSize(3);
  }

  @Test
  void keepsWhatIsPromisedAboutHeaders() {
    Bench bench = skipping(Privacy.STRICT);
    Headers sent = new Headers().with("traceparent", PARENT).with("x-other", "1");
    Headers response = new Headers().with("traceresponse", PARENT);
    forward(bench.telemetry.startExchange(new PathOnly("/foo/7")), sent, response);
    assertThat(sent.all("traceparent")).isEmpty();
    assertThat(sent.all("x-other")).containsExactly("1");
    assertThat(response.isEmpty()).isTrue();
  }

  private static void forward(ExchangeObservation exchange, Headers sent, Headers response) {
    AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
    attempt.inject(sent, Headers.ACCESS);
    attempt.requestBytes(10);
    attempt.responseEnd();
    exchange.responseStarted(200, response, Headers.ACCESS);
    exchange.startTunnel(TunnelKind.WEBSOCKET).end();
    exchange.end();
  }

  private static Bench skipping(Privacy privacy) {
    return OwnBench.of(
        Sampling.always(), options -> options.privacy(privacy).skipPaths("/foo/{bar}", "/debug/"));
  }

  /** Nothing but the path may be read. */
  private record PathOnly(@Nullable String path) implements RequestInfo {
    @Override
    public String method() {
      throw new AssertionError("read the method");
    }

    @Override
    public String header(String name) {
      throw new AssertionError("read " + name);
    }

    @Override
    public List<String> headers(String name) {
      throw new AssertionError("read " + name);
    }
  }
}
