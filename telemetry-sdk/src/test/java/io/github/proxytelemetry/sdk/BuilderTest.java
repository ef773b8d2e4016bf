package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Sampling;
import io.github.proxytelemetry.Scope;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.testbed.FreePort;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuilderTest {
  private static final String LOOPBACK = "127.0.0.1";

  @Test
  void letsPrometheusCollectExactlyOurNames() throws Exception {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge").prometheus(LOOPBACK, 0).build()) {
      ExchangeObservation exchange = telemetry.startExchange(Request.GET);
      exchange.handlingStarted();
      exchange.startAttempt(Bench.ORIGIN).requestBytes(12);
      exchange.responseStarted(200);
      exchange.end();
      telemetry.startDownstreamConnection(null, null).end();
      List<String> lines = scrape(telemetry.prometheusAddress("prometheus")).lines().toList();
      assertThat(lines)
          .contains(
              "privacy_proxy_requests_total{method=\"GET\"} 1.0",
              "privacy_proxy_requests_by_status{status=\"200\"} 1.0",
              "privacy_proxy_requests_by_status{status=\"502\"} 0.0",
              "privacy_proxy_requests_in_progress 0.0",
              "privacy_proxy_connections_total 1.0",
              "privacy_proxy_connections_active 0.0",
              "privacy_proxy_bytes_sent_total 12.0",
              "privacy_proxy_bytes_received_total 0.0",
              "privacy_proxy_connections_duration_seconds_count 1",
              "privacy_proxy_processing_duration_seconds_count 1");
      // Every line is ours: no series of OpenTelemetry itself, no scope.
      assertThat(lines)
          .allMatch(line -> line.matches("(privacy_proxy_|# |target_info\\{).*"))
          .anyMatch(line -> line.startsWith("target_info{") && line.contains("service_instance_id"))
          .noneMatch(line -> line.contains("otel"));
    }
  }

  @Test
  void hasAsManyListenersAsAreAskedFor() throws Exception {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge")
            .prometheus(LOOPBACK, 0)
            .prometheus(LOOPBACK, 0)
            .prometheus(LOOPBACK, 0, options -> options.name("inner"))
            .build()) {
      telemetry.startExchange(Request.GET).end();
      for (String name : List.of("prometheus", "prometheus-2", "inner")) {
        assertThat(scrape(telemetry.prometheusAddress(name)))
            .contains("privacy_proxy_requests_total{method=\"GET\"} 1.0");
      }
      assertThatThrownBy(() -> telemetry.prometheusAddress("outer"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "exporter name: invalid value \"outer\"; expected one of [prometheus,"
                  + " prometheus-2, inner]");
    }
  }

  @Test
  void leavesNoThreadAndNoGlobal() throws Exception {
    GlobalOpenTelemetry.resetForTest();
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1", otlp -> otlp.name("leaving"))
            .prometheus(LOOPBACK, 0, options -> options.name("leaving-too"))
            .build();
    scrape(telemetry.prometheusAddress("leaving-too"));
    assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
    Delivery delivery = telemetry.close(Duration.ofSeconds(2));
    assertThat(delivery.status()).isEqualTo(Delivery.Status.TIMED_OUT);
    assertThat(telemetry.close(Duration.ofSeconds(1))).isEqualTo(delivery);
    for (Thread thread : threads()) {
      thread.join(Duration.ofSeconds(30).toMillis());
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    telemetry.startExchange(Request.GET).end();
  }

  @Test
  void recordsNoSpanOfTheHost_whereTheExchangeIsNotRecorded() {
    try (ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1", otlp -> otlp.withoutMetrics())
            .sampling(Sampling.never())
            .build()) {
      Span span = telemetry.openTelemetry().getTracer("host").spanBuilder("x").startSpan();
      assertThat(span.isRecording()).isFalse();
      ExchangeObservation exchange = telemetry.startExchange(Request.GET);
      try (Scope scope = exchange.activate()) {
        assertThat(scope).isNotNull();
        Span child = telemetry.openTelemetry().getTracer("host").spanBuilder("y").startSpan();
        assertThat(child.isRecording()).isFalse();
        assertThat(child.getSpanContext().getTraceId()).isEqualTo(exchange.traceId());
      }
      exchange.end();
    }
  }

  @Test
  void recordsChildrenOfTheHost_whereTheExchangeIsRecorded() {
    ProxyTelemetrySdk telemetry =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1", otlp -> otlp.withoutMetrics())
            .sampling(Sampling.always())
            .build();
    ExchangeObservation exchange = telemetry.startExchange(Request.GET);
    try (var scope = exchange.activate()) {
      assertThat(scope).isNotNull();
      Span span = telemetry.openTelemetry().getTracer("host").spanBuilder("x").startSpan();
      assertThat(span.isRecording()).isTrue();
      assertThat(span.getSpanContext().getTraceId()).isEqualTo(exchange.traceId());
    }
    telemetry.close(Duration.ZERO);
  }

  @Test
  void rejectsAnEmptyServiceName() {
    assertThatThrownBy(() -> ProxyTelemetrySdk.builder(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service name: invalid value \" \"; expected a name that is not blank");
  }

  @Test
  void rejectsABadEndpoint() {
    ProxyTelemetrySdkBuilder builder = ProxyTelemetrySdk.builder("edge").otlp("ftp://x:1");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "otlp endpoint: invalid value \"ftp://x:1\"; expected host:port, http://host:port"
                + " or https://host:port, or empty for the value of OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void rejectsAPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      ProxyTelemetrySdkBuilder builder =
          ProxyTelemetrySdk.builder("edge").prometheus(LOOPBACK, port);
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "prometheus port: "
                  + port
                  + " on 127.0.0.1 cannot be opened, it may be in use; expected a free one, or 0"
                  + " for any");
    }
  }

  @Test
  void rejectsABadPort() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge").prometheus(LOOPBACK, 65536);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prometheus port: invalid value 65536; expected 1 to 65535, or 0 for any");
  }

  @Test
  void rejectsAnAddressThatIsNotOurs() {
    ProxyTelemetrySdkBuilder builder = ProxyTelemetrySdk.builder("edge").prometheus("192.0.2.1", 0);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prometheus host: invalid value \"192.0.2.1\"; expected an address of this"
                + " machine, such as 127.0.0.1");
  }

  @Test
  void rejectsARatioThatIsNone() {
    assertThatThrownBy(() -> ProxyTelemetrySdk.builder("edge").sampling(Sampling.ratio(1.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sampling ratio: invalid value 1.5; expected 0.0 (none) to 1.0 (all)");
  }

  @Test
  void rejectsTwoExportersOfOneName() {
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1")
            .otlp("127.0.0.1:2", otlp -> otlp.name("otlp"));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exporter name: invalid value \"otlp\" twice; expected names that differ");
  }

  @Test
  void leavesNothingRunning_whereAnOptionIsInvalid() throws IOException {
    int port = FreePort.next();
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge")
            .otlp("127.0.0.1:1", otlp -> otlp.name("leaving"))
            .prometheus(LOOPBACK, port)
            .recording(recording -> recording.naming(instrument -> "same"));
    assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void rejectsTwoMetricsOfOneName() {
    MetricNaming naming = instrument -> instrument.name().length() < 17 ? "short" : "LONG";
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge").recording(options -> options.naming(naming));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric name: invalid value \"LONG\" for both CONNECTIONS_TOTAL and"
                + " CONNECTIONS_ACTIVE; expected names that differ, or one kind and unit and a"
                + " label for the stage");
  }

  @Test
  void rejectsANameThatOpenTelemetryWouldDrop() {
    MetricNaming naming = Instrument::unit;
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge").recording(options -> options.naming(naming));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric name: invalid value \"{connection}\" for CONNECTIONS_TOTAL; expected a letter and then"
                + " up to 254 letters, digits and _.-/");
  }

  @Test
  void rejectsTwoLabelsOfOneName() {
    MetricNaming naming =
        new MetricNaming() {
          @Override
          public String name(Instrument instrument) {
            return instrument.name();
          }

          @Override
          public String key(Instrument instrument, Dimension dimension) {
            return "label";
          }
        };
    ProxyTelemetrySdkBuilder builder =
        ProxyTelemetrySdk.builder("edge").recording(options -> options.naming(naming));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric label: invalid value \"label\" for SIDE of CONNECTION_IO_BYTES_TOTAL;"
                + " expected keys that differ and are neither blank nor le");
  }

  @Test
  void rejectsAnIntervalOfNothing() {
    ProxyTelemetrySdkBuilder builder = ProxyTelemetrySdk.builder("edge");
    assertThatThrownBy(() -> builder.metricInterval(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metric interval: invalid value PT0S; expected a duration above zero");
  }

  private static String scrape(InetSocketAddress address) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + address.getPort() + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static List<Thread> threads() {
    Thread[] all = new Thread[Thread.activeCount() + 100];
    int count = Thread.enumerate(all);
    return Arrays.stream(all, 0, count)
        .filter(thread -> thread.getName().startsWith("proxy-telemetry-leaving"))
        .toList();
  }
}
