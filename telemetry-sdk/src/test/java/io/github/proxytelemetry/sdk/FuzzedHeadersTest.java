package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Faults;
import io.github.proxytelemetry.otel.Headers;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.LogLines;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.testbed.FreePort;
import io.github.proxytelemetry.testbed.Scrape;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header sets that no one should send, each in an exchange of its own. */
class FuzzedHeadersTest {
  private static final int SETS = 100_000;
  private static final long SEED = 20_260_801;

  /** One in so many is answered with a 502. */
  private static final int EVERY = 16;

  /** One in two is sampled at its start; of the others those that fail are, at their end. */
  private static final Sampling SAMPLING =
      ((Sampling) (request, random) -> request.headers("b3").size() % 2 == 0)
          .keepErrorsAndSlow(Duration.ofDays(1));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tracecontext",
        "baggage",
        "b3",
        "b3multi",
        "jaeger",
        "xray",
        "ottrace",
        "none",
        "tracecontext,baggage,b3,jaeger,xray,ottrace"
      })
  void areCounted_andLeaveNoTrace(String propagators) {
    List<String> lines = LogLines.ofAll(() -> checkCounts(propagators.split(",", -1)));
    assertThat(lines)
        .as("seed %d, %s", SEED, propagators)
        .allMatch(
            line ->
                line.startsWith("Exporter \"otlp\": ")
                    || line.startsWith("Telemetry of \"proxy\": "))
        .noneMatch(line -> line.contains(WireHeaders.MARKER));
  }

  private static void checkCounts(String... propagators) {
    try (ProxyTelemetrySdk telemetry = telemetry(propagators)) {
      for (int set = 0; set < SETS; set++) {
        exchange(telemetry, set);
      }
      Scrape scrape = Scrape.of(telemetry.prometheusAddress("prometheus"));
      Faults faults = telemetry.health().faults();
      assertThat(faults.guardTripped()).isFalse();
      assertThat(faults.errors()).isZero();
      assertThat(faults.callbackErrors().values()).allMatch(count -> count == 0);
      assertThat(faults.lateCalls().values()).allMatch(count -> count == 0);
      assertThat(scrape.sum("privacy_proxy_requests_total")).isEqualTo(SETS);
      assertThat(scrape.sum("privacy_proxy_requests_by_status")).isEqualTo(SETS);
      assertThat(scrape.sum("privacy_proxy_requests_by_status", "status=\"502\""))
          .isEqualTo(SETS / EVERY);
      assertThat(scrape.sum("privacy_proxy_requests_by_status", "status=\"200\""))
          .isEqualTo(SETS - SETS / EVERY);
      assertThat(scrape.sum("privacy_proxy_errors_total")).isZero();
      assertThat(scrape.sum("privacy_proxy_attempts_total")).isEqualTo(SETS);
      assertThat(scrape.sum("privacy_proxy_bytes_received_total")).isEqualTo(5.0 * SETS);
      assertThat(scrape.isIdle()).isTrue();
      assertThat(scrape.text()).doesNotContain(WireHeaders.MARKER);
      assertThat(spans(telemetry)).as("spans that were made").isGreaterThan(SETS / 2);
      telemetry.close(Duration.ZERO);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long spans(ProxyTelemetrySdk telemetry) {
    return telemetry.health().exporters().stream()
        .filter(exporter -> exporter.signal().equals("traces"))
        .mapToLong(exporter -> exporter.queued() + exporter.totalDropped())
        .sum();
  }

  /** Spans go to a collector that is away. */
  private static ProxyTelemetrySdk telemetry(String... propagators) throws IOException {
    String[] captured = {"forwarded", "x-forwarded-for", "baggage", "tracestate", "content-type"};
    return ProxyTelemetrySdk.builder("proxy")
        .otlp("http://127.0.0.1:" + FreePort.next())
        .prometheus("127.0.0.1", 0)
        .sampling(SAMPLING)
        .propagators(propagators)
        .recording(
            options ->
                options
                    .layers(Layers.all())
                    .capture(
                        Capture.builder()
                            .requestHeaders(captured)
                            .responseHeaders(captured)
                            .query()
                            .build()))
        .build();
  }

  private static void exchange(ProxyTelemetrySdk telemetry, int set) {
    try {
      Headers headers = WireHeaders.of(SEED + set);
      String path = "/" + WireHeaders.MARKER + "?" + headers.map();
      ExchangeObservation exchange = telemetry.startExchange(new Request("GET", path, headers));
      AttemptObservation attempt = exchange.startAttempt(Bench.ORIGIN);
      attempt.inject(headers, Headers.ACCESS);
      attempt.requestStarted(new Request("GET", path, headers));
      attempt.responseReceived(200, headers, Headers.ACCESS, 5);
      exchange.responseStarted(set % EVERY == 0 ? 502 : 200, headers, Headers.ACCESS);
      exchange.end();
    } catch (Throwable thrown) {
      throw new AssertionError("set " + set + " of seed " + SEED + " threw", thrown);
    }
  }
}
