package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.TunnelKind;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Logger LOGGER = Logger.getLogger("io.github.proxytelemetry");

  /** Thousands of lines. */
  @BeforeAll
  static void keepTheConsoleClean() {
    LOGGER.setUseParentHandlers(false);
  }

  @AfterAll
  static void useTheConsole() {
    LOGGER.setUseParentHandlers(true);
  }

  @Test
  void tellsWhatAnExchangeWas() {
    Bench bench = Bench.with(Sampling.never(), options -> options.accessLog(1));
    Headers received = new Headers().with("traceparent", "00-" + TRACE + "-b7ad6b7169203331-00");
    assertThat(
            LogLines.of(
                () -> {
                  ExchangeObservation exchange =
                      bench.telemetry.startExchange(new Request("PUT", "/users/7", received));
                  bench.after(1);
                  exchange.handlingStarted();
                  exchange.route("/users/{id}");
                  exchange.requestBytes(3);
                  exchange.requestEnd();
                  AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
                  attempt.requestStarted(Request.GET);
                  bench.after(20);
                  attempt.responseStarted(200);
                  attempt.end();
                  bench.after(4);
                  exchange.responseStarted(200);
                  bench.after(1_000);
                  exchange.responseBytes(5);
                  exchange.responseBytes(6);
                  exchange.responseEnd();
                }))
        .containsExactly(
            "method=PUT route=\"/users/{id}\" status=200 duration_seconds=1.025000"
                + " queue_seconds=0.001000 proxy_seconds=0.005000 upstream_seconds=0.020000"
                + " request_bytes=3 response_bytes=11 trace_id="
                + TRACE);
    assertThat(bench.spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void tellsErrors_whateverTheRatio() {
    Bench bench = Bench.with(null, options -> options.accessLog(0));
    assertThat(
            LogLines.of(
                () -> {
                  refused(bench);
                  answered(bench, 503);
                }))
        .containsExactly(
            "method=GET status=502 duration_seconds=0.007000 proxy_seconds=0.007000"
                + " upstream_seconds=0.000000 request_bytes=0 response_bytes=0"
                + " error=connection_refused side=upstream",
            "method=GET status=503 duration_seconds=0.000000 proxy_seconds=0.000000"
                + " upstream_seconds=0.000000 request_bytes=0 response_bytes=0");
  }

  /** Else anyone could fill the log. */
  @Test
  void takesWhatClientsDoForNoError() {
    Bench bench = Bench.with(null, options -> options.accessLog(0));
    assertThat(
            LogLines.of(
                () -> {
                  answered(bench, 404);
                  bench
                      .telemetry
                      .startExchange(Request.GET)
                      .fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, null);
                }))
        .isEmpty();
  }

  @Test
  void takesAPart() {
    Bench bench = Bench.with(null, options -> options.accessLog(0.5));
    List<String> lines =
        LogLines.of(
            () -> {
              for (int i = 0; i < 1000; i++) {
                answered(bench, 200);
              }
            });
    // Further off is less likely than one in 10^30.
    assertThat(lines).hasSizeBetween(300, 700);
  }

  @Test
  void tellsATunnelWhenItBegins() {
    Bench bench = Bench.with(null, options -> options.accessLog(1));
    assertThat(
            LogLines.of(
                () -> {
                  ExchangeObservation exchange = bench.telemetry.startExchange(Request.CONNECT);
                  bench.after(3);
                  exchange.responseStarted(200);
                  bench.after(1);
                  exchange.startTunnel(TunnelKind.CONNECT).end();
                }))
        .containsExactly(
            "method=CONNECT status=200 duration_seconds=0.003000 proxy_seconds=0.003000"
                + " upstream_seconds=0.000000 tunnel=true");
  }

  @Test
  void isOneLine_whateverTheRoute() {
    Bench bench = Bench.with(null, options -> options.accessLog(1));
    List<String> lines =
        LogLines.of(
            () -> {
              ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
              exchange.route("/a\"\n\r\u0085\u2028\\ error=x" + "b".repeat(1000));
              exchange.responseStarted(200);
              exchange.end();
            });
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("method=GET route=\"/a?????? error=xbbb")
        .hasSizeLessThan(500);
  }

  @Test
  void leavesMetricsAndLabelsAsTheyAre() {
    Bench bench = Bench.with(null, options -> options.accessLog(1));
    LogLines.of(
        () -> {
          for (int i = 0; i < 1100; i++) {
            ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
            exchange.route("/" + i);
            exchange.responseStarted(200);
            exchange.end();
          }
        });
    assertThat(bench.telemetry.faults().seriesOverflow()).containsEntry("names", 0L);
    assertThat(bench.total(Instrument.REQUESTS_TOTAL)).isEqualTo(1100);
    assertThat(bench.reader.collectAllMetrics())
        .noneMatch(metric -> metric.getName().contains("request_duration"));
  }

  @Test
  void isNotWritten_forWhatIsSkippedOrDiscarded() {
    Bench bench = Bench.with(null, options -> options.accessLog(1).skipPaths("/health"));
    assertThat(
            LogLines.of(
                () -> {
                  bench
                      .telemetry
                      .startExchange(new Request("GET", "/health", new Headers()))
                      .fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, null);
                  bench.telemetry.startExchange(Request.GET).discard();
                }))
        .isEmpty();
  }

  @Test
  void isOffByDefault() {
    Bench bench = Bench.traced();
    assertThat(LogLines.of(() -> refused(bench))).isEmpty();
  }

  @Test
  void countsWhatTheLoggerThrows() {
    Bench bench = Bench.with(null, options -> options.accessLog(1));
    Logger logger = Logger.getLogger("io.github.proxytelemetry.access");
    Filter before = logger.getFilter();
    logger.setFilter(
        line -> {
          throw new IllegalStateException("disk full");
        });
    try {
      answered(bench, 200);
    } finally {
      logger.setFilter(before);
    }
    assertThat(bench.telemetry.faults().errors()).isEqualTo(1);
    assertThat(bench.total(Instrument.REQUESTS_TOTAL)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void refusesARatioOutOfRange(double ratio) {
    assertThatThrownBy(() -> Bench.with(null, options -> options.accessLog(ratio)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("accessLog: invalid value \"" + ratio + "\"; expected 0.0 to 1.0");
  }

  @Test
  void isRefusedUnderStrictPrivacy() {
    assertThatThrownBy(
            () -> Bench.with(null, options -> options.privacy(Privacy.STRICT).accessLog(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("privacy: invalid value STRICT with an access log; expected");
  }

  private static void answered(Bench bench, int status) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.responseStarted(status);
    exchange.end();
  }

  private static void refused(Bench bench) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    bench.after(7);
    exchange.startAttempt(Bench.ORIGIN).fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    exchange.responseStarted(502);
    exchange.end();
  }
}
