package io.github.proxytelemetry.hosts.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.otel.Capture;
import io.github.proxytelemetry.otel.Faults;
import io.github.proxytelemetry.sdk.Delivery;
import io.github.proxytelemetry.sdk.ProxyTelemetrySdk;
import io.github.proxytelemetry.testbed.OtlpHttpReceiver;
import io.github.proxytelemetry.testbed.ReceivedSpan;
import io.github.proxytelemetry.testbed.Scrape;
import io.github.proxytelemetry.testing.ProxyUnderTest;
import io.github.proxytelemetry.testing.RecordingProxyTelemetry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Real back end beside the recorder of a case, with all of its metrics, every request sampled, and
 * response headers captured. When the proxy is closed, its totals have to be those of the recorder,
 * and nothing that the origin sent may be in what it exports or logs, but for captured headers.
 */
final class BackEnd {
  /** Part of everything in an answer that a hostile origin can choose. */
  private static final String MARKER = "canary7f3a9c";

  private static final String CAPTURED = "http.response.header.";
  private static final Logger SDK_LOG = Logger.getLogger("io.github.proxytelemetry.sdk");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final RecordingProxyTelemetry recorder;
  private final OtlpHttpReceiver receiver = OtlpHttpReceiver.start();
  private final LogOfEverything log = new LogOfEverything();
  private final ProxyTelemetrySdk sdk;

  private BackEnd(RecordingProxyTelemetry recorder) {
    this.recorder = recorder;
    this.sdk = silently(this::start);
  }

  private ProxyTelemetrySdk start() {
    return ProxyTelemetrySdk.builder("proxy")
        .prometheus("127.0.0.1", 0)
        .otlp(receiver.endpoint(), options -> options.http())
        .sampling(Sampling.always())
        .recording(
            options ->
                options.capture(
                    Capture.builder().responseHeaders("server-timing", "x-plain").build()))
        .build();
  }

  /** The case expects that nothing is logged, and a start says what goes where. */
  private static ProxyTelemetrySdk silently(Supplier<ProxyTelemetrySdk> start) {
    SDK_LOG.setLevel(Level.WARNING);
    try {
      return start.get();
    } finally {
      SDK_LOG.setLevel(null);
    }
  }

  /** Starts a proxy on both back ends. */
  static ProxyUnderTest beside(ProxyTelemetry recorder, Starter starter) throws Exception {
    BackEnd backEnd = new BackEnd((RecordingProxyTelemetry) recorder);
    ProxyUnderTest proxy = starter.start(Both.of(recorder, backEnd.sdk));
    return new ProxyUnderTest() {
      private boolean closed;

      @Override
      public InetSocketAddress address() {
        return proxy.address();
      }

      @Override
      public void close() throws Exception {
        proxy.close();
        if (!closed) {
          closed = true;
          backEnd.checkAndClose();
        }
      }
    };
  }

  /** Start of a proxy. */
  interface Starter {
    ProxyUnderTest start(ProxyTelemetry telemetry) throws Exception;
  }

  private void checkAndClose() throws Exception {
    try (log;
        receiver;
        sdk) {
      recorder.awaitIdle(LIMIT);
      Scrape scrape = Scrape.await(sdk.prometheusAddress("prometheus"), LIMIT, Scrape::isIdle);
      recorder.assertNoLateCalls();
      Totals.of(recorder).assertEqual(scrape);
      assertThat(scrape.text()).as("scrape").doesNotContain(MARKER);
      checkHealth(scrape);
      assertThat(sdk.flush(LIMIT).status()).isEqualTo(Delivery.Status.DELIVERED);
      checkSpans(receiver.received().spans());
      assertThat(log.lines()).as("log").noneMatch(line -> line.contains(MARKER));
    }
  }

  private void checkHealth(Scrape scrape) {
    Faults faults = sdk.health().faults();
    assertThat(faults.guardTripped()).as("guard tripped").isFalse();
    assertThat(faults.errors()).as("telemetry errors").isZero();
    assertThat(faults.lateCalls().values()).as("late calls").allMatch(count -> count == 0);
    assertThat(scrape.sum("privacy_proxy_telemetry_errors_total")).isZero();
    assertThat(scrape.sum("privacy_proxy_telemetry_late_calls_total")).isZero();
    assertThat(scrape.sum("privacy_proxy_telemetry_guard_tripped")).isZero();
  }

  private void checkSpans(List<ReceivedSpan> spans) {
    assertThat(spans).as("spans").hasSize(recorder.exchanges().size() + recorder.attempts().size());
    assertThat(spans)
        .allSatisfy(span -> assertThat(span.name()).doesNotContain(MARKER))
        .flatExtracting(span -> span.attributes().entrySet())
        .filteredOn(attribute -> attribute.getValue().contains(MARKER))
        .as("captured headers with the marker")
        .isNotEmpty()
        .allMatch(attribute -> attribute.getKey().startsWith(CAPTURED));
  }
}
