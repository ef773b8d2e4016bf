package io.github.proxytelemetry.otel;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.common.Json;
import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.NetworkAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wiremock.com.fasterxml.jackson.databind.JsonNode;

/** Under {@code MetricNaming.SEMCONV}, what is emitted is what the registry says. */
class SemconvTest {
  /** Ours, on the server span. */
  private static final Set<String> OWN =
      Set.of("proxy.processing_time", "proxy.queue_time", "http.connection.upgrade");

  private static final Set<String> OF_LAYERED_SERVER =
      Set.of(
          "proxy.processing_time", "proxy.queue_time", "http.connection.upgrade", "krakend.stage");

  /** KrakenD's, on the client span where the layers are on. */
  private static final Set<String> OF_LAYERS =
      Set.of(
          "krakend.stage",
          "response-duration",
          "get-conn-duration",
          "dns-duration",
          "tls-duration");

  private static final AttributeKey<String> VERSION = NetworkAttributes.NETWORK_PROTOCOL_VERSION;

  private final JsonNode registry = registry();

  @Test
  void metricsHaveTheAttributesOfTheRegistry() {
    Bench bench = bench(true);
    Traffic.drive(bench.telemetry);
    List<MetricData> metrics =
        bench.reader.collectAllMetrics().stream()
            .filter(metric -> metric.getName().startsWith("http."))
            .toList();
    assertThat(metrics)
        .extracting(MetricData::getName)
        .containsExactlyInAnyOrder(
            "http.server.active_requests",
            "http.server.request.duration",
            "http.server.request.body.size",
            "http.server.response.body.size",
            "http.client.request.duration",
            "http.client.request.body.size",
            "http.client.response.body.size");
    for (MetricData metric : metrics) {
      JsonNode known = registry.path("metrics").path(metric.getName());
      assertThat(instrument(metric)).isEqualTo(known.path("instrument").asText());
      assertThat(metric.getUnit()).isEqualTo(known.path("unit").asText());
      assertThat(metric.getData().getPoints()).isNotEmpty();
      metric
          .getData()
          .getPoints()
          .forEach(
              point -> check(metric.getName(), known, point.getAttributes(), Set.of(), Set.of()));
    }
  }

  @Test
  void scopesHaveAVersionAndASchema() {
    Bench bench = bench(true);
    Traffic.drive(bench.telemetry);
    List<InstrumentationScopeInfo> scopes = new ArrayList<>();
    bench
        .reader
        .collectAllMetrics()
        .forEach(each -> scopes.add(each.getInstrumentationScopeInfo()));
    bench
        .spans
        .getFinishedSpanItems()
        .forEach(each -> scopes.add(each.getInstrumentationScopeInfo()));
    assertThat(scopes)
        .isNotEmpty()
        .allSatisfy(
            scope -> {
              assertThat(scope.getVersion()).isNotNull().isNotEqualTo("unknown");
              assertThat(scope.getSchemaUrl()).isEqualTo("https://opentelemetry.io/schemas/1.44.0");
            });
  }

  @Test
  void metricsSayWhatWentWrong() {
    Bench bench = bench(true);
    Traffic.drive(bench.telemetry);
    for (String name : List.of("http.server.request.duration", "http.client.request.duration")) {
      for (var point : bench.metric(name).getHistogramData().getPoints()) {
        Long status = point.getAttributes().get(HttpAttributes.HTTP_RESPONSE_STATUS_CODE);
        String error = point.getAttributes().get(ErrorAttributes.ERROR_TYPE);
        if (status != null && status >= 500) {
          assertThat(error).isEqualTo("http_response_incomplete");
        }
        if (name.startsWith("http.server") && status == null) {
          assertThat(error).isEqualTo("client_abort");
        }
      }
      assertThat(bench.metric(name).getHistogramData().getPoints())
          .anyMatch(point -> point.getAttributes().get(ErrorAttributes.ERROR_TYPE) != null);
    }
  }

  @Test
  void metricsHaveTheVersionOfTheResponse() {
    Bench bench = bench(true);
    AttemptObservation attempt = bench.telemetry.startAttempt(Bench.ORIGIN);
    attempt.requestStarted(() -> "GET");
    attempt.protocolVersion("2");
    attempt.protocolVersion("a stranger's text");
    attempt.end();
    attempt.protocolVersion("1.1");
    assertThat(points(bench, "http.client.request.duration"))
        .singleElement()
        .satisfies(point -> assertThat(point.getAttributes().get(VERSION)).isEqualTo("2"));
  }

  @Test
  void sizesAreThoseOfRequestsThatWereSent() {
    Bench bench = bench(true);
    AttemptObservation refused = bench.telemetry.startAttempt(Bench.ORIGIN);
    refused.fail(Side.UPSTREAM, ProxyError.CONNECTION_REFUSED, null);
    AttemptObservation sent = bench.telemetry.startAttempt(Bench.ORIGIN);
    sent.requestStarted(Request.of("PUT"));
    sent.requestBytes(3);
    sent.requestBytes(-1);
    sent.requestBytes(4);
    sent.responseStarted(503);
    sent.responseEnd();
    sent.requestBytes(5);
    assertThat(points(bench, "http.client.request.body.size"))
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getCount()).isOne();
              assertThat(point.getSum()).isEqualTo(7);
              assertThat(point.getAttributes().get(ErrorAttributes.ERROR_TYPE)).isEqualTo("503");
              assertThat(point.getAttributes().get(VERSION)).isEqualTo("1.1");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void spansHaveTheAttributesOfTheRegistry(boolean layered) {
    Bench bench = bench(layered);
    Traffic.drive(bench.telemetry);
    List<SpanData> spans = bench.spans.getFinishedSpanItems();
    assertThat(spans).hasSizeGreaterThanOrEqualTo(8);
    for (SpanData span : spans) {
      if (span.getKind() == SpanKind.INTERNAL) {
        assertThat(layered).isTrue();
        assertThat(span.getName()).isIn("proxy", "backend", "read-tracer");
        continue;
      }
      boolean server = span.getKind() == SpanKind.SERVER;
      String method = span.getAttributes().get(HttpAttributes.HTTP_REQUEST_METHOD);
      String route = span.getAttributes().get(HttpAttributes.HTTP_ROUTE);
      assertThat(span.getName()).isEqualTo(route == null ? method : method + ' ' + route);
      check(
          span.getName(),
          registry.path("spans").path(server ? "span.http.server" : "span.http.client"),
          span.getAttributes(),
          server ? (layered ? OF_LAYERED_SERVER : OWN) : layered ? OF_LAYERS : Set.of(),
          // The target of a CONNECT has no path.
          "CONNECT".equals(method) ? Set.of("url.path") : Set.of());
    }
    assertThat(spans).filteredOn(span -> span.getKind() == SpanKind.SERVER).hasSize(4);
    assertThat(spans).filteredOn(span -> span.getKind() == SpanKind.CLIENT).hasSize(4);
  }

  @Test
  void namesNoDestinationThatAClientChose() {
    Bench bench = bench(true);
    var attempt =
        bench.telemetry.startExchange(Request.GET).startAttempt(Upstream.of("private.test", 443));
    attempt.requestStarted(Request.GET);
    attempt.end();
    assertThat(bench.span("GET").getAttributes().get(UrlAttributes.URL_FULL)).isNull();
    for (var point : bench.metric("http.client.request.duration").getHistogramData().getPoints()) {
      assertThat(point.getAttributes().get(ServerAttributes.SERVER_ADDRESS)).isNull();
      assertThat(point.getAttributes().get(ServerAttributes.SERVER_PORT)).isNull();
    }
  }

  private static Collection<HistogramPointData> points(Bench bench, String metric) {
    return bench.metric(metric).getHistogramData().getPoints();
  }

  private static void check(
      String name, JsonNode known, Attributes attributes, Set<String> own, Set<String> without) {
    attributes.forEach(
        (key, value) -> {
          if (!own.contains(key.getKey())) {
            JsonNode attribute = known.path("attributes").path(key.getKey());
            assertThat(attribute.isMissingNode()).as(name + " has " + key).isFalse();
            assertThat(typeOf(key)).as(key.getKey()).isEqualTo(typeOf(attribute));
          }
        });
    known
        .path("attributes")
        .properties()
        .forEach(
            entry -> {
              String type = typeOf(entry.getValue());
              if (entry.getValue().path("level").asText().equals("required")
                  && !without.contains(entry.getKey())) {
                AttributeKey<?> key =
                    type.equals("int")
                        ? AttributeKey.longKey(entry.getKey())
                        : AttributeKey.stringKey(entry.getKey());
                assertThat(attributes.get(key)).as(name + " needs " + key).isNotNull();
              }
            });
  }

  private static String typeOf(AttributeKey<?> key) {
    return key.getType() == AttributeType.LONG
        ? "int"
        : key.getType().name().toLowerCase(Locale.ROOT);
  }

  /** Enums are strings, and open where they say so. */
  private static String typeOf(JsonNode attribute) {
    String type = attribute.path("type").asText();
    return type.startsWith("enum") ? "string" : type;
  }

  private static String instrument(MetricData metric) {
    return switch (metric.getType()) {
      case HISTOGRAM -> "histogram";
      case LONG_SUM -> metric.getLongSumData().isMonotonic() ? "counter" : "updowncounter";
      default -> metric.getType().name();
    };
  }

  private static Bench bench(boolean layered) {
    return Bench.layered(MetricNaming.SEMCONV, layered ? Layers.all() : Layers.none());
  }

  private static JsonNode registry() {
    try {
      return Json.node(Files.readString(Path.of("src/test/resources/semconv/http-1.44.0.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
