package io.github.proxytelemetry.sdk;

import static io.github.proxytelemetry.Instrument.UPSTREAM_REQUESTS_STARTED_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.Upstream;
import io.github.proxytelemetry.otel.Bench;
import io.github.proxytelemetry.otel.Layers;
import io.github.proxytelemetry.otel.OtelProxyTelemetry;
import io.github.proxytelemetry.otel.Request;
import io.github.proxytelemetry.otel.Traffic;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** However many routes and upstreams there are, memory is bounded, and nothing is lost unseen. */
class LayerLimitsTest {
  private static final String OVERFLOWS = "series_overflow_total";
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("krakend.stage");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");

  private final Bench bench = Bench.layeredMetrics(MetricNaming.KRAKEND, Layers.all());

  @Test
  void knowsAThousandRoutes() {
    for (int i = 0; i < 1100; i++) {
      request("/" + i, 200);
    }
    Collection<HistogramPointData> points = histogram("global-response-latency");
    assertThat(points).hasSize(1001);
    assertThat(points)
        .filteredOn(point -> "_OTHER".equals(point.getAttributes().get(PATH)))
        .singleElement()
        .satisfies(point -> assertThat(point.getCount()).isEqualTo(100));
    assertThat(bench.own(OVERFLOWS, "limit", "series")).isZero();
    assertThat(bench.own(OVERFLOWS, "limit", "names")).isEqualTo(100);
    assertThat(bench.telemetry.faults().seriesOverflow())
        .isEqualTo(Map.of("names", 100L, "series", 0L));
  }

  @Test
  void keepsTwoThousandSeriesAndCountsTheRest() {
    for (int i = 0; i < 900; i++) {
      request("/" + i, 200);
      request("/" + i, 404);
      request("/" + i, 503);
    }
    Collection<HistogramPointData> points = histogram("global-response-latency");
    assertThat(points).hasSize(1991);
    assertThat(points.stream().mapToLong(HistogramPointData::getCount).sum()).isEqualTo(2700);
    assertThat(points)
        .filteredOn(
            point -> point.getAttributes().equals(Attributes.of(PATH, "_OTHER", STAGE, "global")))
        .singleElement()
        .satisfies(point -> assertThat(point.getCount()).isEqualTo(710));
    assertThat(points)
        .noneMatch(
            point ->
                point.getAttributes().get(AttributeKey.booleanKey("otel.metric.overflow")) != null);
    // The sizes have the same labels.
    assertThat(bench.own(OVERFLOWS, "limit", "series")).isEqualTo(2 * 710);
    assertThat(bench.telemetry.faults().seriesOverflow())
        .isEqualTo(Map.of("names", 0L, "series", 2 * 710L));
  }

  @Test
  void sharesTheRoomAmongStagesOfOneName() {
    for (int i = 0; i < 1000; i++) {
      ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
      exchange.route("/" + i);
      for (int origin = 0; origin < 3; origin++) {
        exchange.startAttempt(Upstream.named("o" + origin, "o.test", 80)).end();
      }
      exchange.end();
    }
    assertThat(histogram("stage-duration")).hasSize(1992);
    assertThat(histogram("stage-duration"))
        .noneMatch(
            point ->
                point.getAttributes().get(AttributeKey.booleanKey("otel.metric.overflow")) != null);
  }

  @Test
  void knowsAThousandUpstreams_andNoneThatAClientChose() {
    for (int i = 0; i < 1100; i++) {
      attempt(Upstream.named("origin", "10.0.0." + i, 80));
    }
    for (int i = 0; i < 50; i++) {
      attempt(Upstream.of("secret" + i + ".test", 443));
    }
    assertThat(points(UPSTREAM_REQUESTS_STARTED_TOTAL)).hasSize(1002);
    assertThat(count("_OTHER")).isEqualTo(100);
    assertThat(count(null)).isEqualTo(50);
  }

  @Test
  void upstreamsThatANamingDoesNotTellApartAreOneSeries() {
    Bench plain = Bench.layeredMetrics(new OnlyNames(), Layers.all());
    for (int i = 0; i < 10; i++) {
      plain.telemetry.startAttempt(Upstream.named("origin", "10.0.0." + i, 80)).end();
    }
    assertThat(plain.metric("upstream_duration_seconds").getHistogramData().getPoints())
        .singleElement()
        .satisfies(point -> assertThat(point.getCount()).isEqualTo(10));
  }

  @Test
  void whatIsOffHasNoInstruments() {
    Bench off = Bench.layeredMetrics(MetricNaming.KRAKEND, Layers.none());
    Traffic.drive(off.telemetry);
    assertThat(off.reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .isNotEmpty()
        .allMatch(name -> name.startsWith("privacy_proxy_"));
    Layers stageOnly = Layers.builder().metrics(Instrument.Group.BACKEND).build();
    Bench some = Bench.layeredMetrics(MetricNaming.KRAKEND, stageOnly);
    Traffic.drive(some.telemetry);
    assertThat(some.reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .filteredOn(name -> !name.startsWith("privacy_proxy_"))
        .containsExactly("stage-duration");
  }

  @Test
  void staticAttributesAreOnEverySeries() {
    Layers layers =
        Layers.builder()
            .metrics(Instrument.Group.PROXY, Instrument.Group.BACKEND)
            .metricAttribute("site", "north", Instrument.Group.PROXY)
            .metricAttribute("team", "blue", Instrument.Group.BACKEND)
            .build();
    Bench fixed = Bench.layeredMetrics(MetricNaming.KRAKEND, layers);
    Traffic.drive(fixed.telemetry);
    for (var point : fixed.metric("stage-duration").getHistogramData().getPoints()) {
      boolean proxy = "proxy".equals(point.getAttributes().get(STAGE));
      assertThat(point.getAttributes().get(AttributeKey.stringKey("team")))
          .isEqualTo(proxy ? null : "blue");
      assertThat(point.getAttributes().get(AttributeKey.stringKey("site")))
          .isEqualTo(proxy ? "north" : null);
    }
  }

  @Test
  void refusesStaticAttributesThatMakeNoSense() {
    Layers.Builder builder = Layers.builder().metricAttribute("a", "1", Instrument.Group.BACKEND);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.metricAttribute("a", "2", Instrument.Group.BACKEND))
        .withMessage("static attribute: invalid value \"a\" twice; expected keys that differ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.metricAttribute(" ", "2", Instrument.Group.BACKEND))
        .withMessage(
            "static attribute: invalid value \" =2\"; expected a key and a value that are not blank");
    for (String taken : new String[] {"url.path", "url_path"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> withStaticAttribute(taken))
          .withMessage(
              "static attribute: invalid value \""
                  + taken
                  + "\"; expected a key that is not a label of global-response-latency");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withStaticAttribute("le"))
        .withMessage(
            "static attribute: invalid value \"le\"; expected another key, as Prometheus labels the"
                + " buckets of histograms with le");
  }

  private static void withStaticAttribute(String key) {
    OtelProxyTelemetry.builder(OpenTelemetry.noop())
        .naming(MetricNaming.KRAKEND)
        .layers(
            Layers.builder()
                .metrics(Instrument.Group.GLOBAL)
                .metricAttribute(key, "x", Instrument.Group.GLOBAL)
                .build())
        .build();
  }

  /** Keeps the name of an upstream, and nothing else. */
  private static final class OnlyNames implements MetricNaming {
    @Override
    public @Nullable String name(Instrument instrument) {
      return MetricNaming.privacyProxy("").name(instrument);
    }

    @Override
    public @Nullable String key(Instrument instrument, Dimension dimension) {
      return dimension == Dimension.UPSTREAM ? "upstream" : null;
    }
  }

  private void request(String route, int status) {
    ExchangeObservation exchange = bench.telemetry.startExchange(Request.GET);
    exchange.route(route);
    exchange.responseStarted(status);
    exchange.end();
  }

  private void attempt(Upstream upstream) {
    AttemptObservation attempt = bench.telemetry.startAttempt(upstream);
    attempt.requestStarted(Request.GET);
    attempt.end();
  }

  private Collection<HistogramPointData> histogram(String name) {
    return bench.metric(name).getHistogramData().getPoints();
  }

  private List<LongPointData> points(Instrument instrument) {
    return List.copyOf(
        bench
            .metric(String.valueOf(MetricNaming.KRAKEND.name(instrument)))
            .getLongSumData()
            .getPoints());
  }

  private long count(@Nullable String address) {
    AttributeKey<String> key = AttributeKey.stringKey("server.address");
    return points(UPSTREAM_REQUESTS_STARTED_TOTAL).stream()
        .filter(
            point ->
                address == null
                    ? point.getAttributes().get(key) == null
                    : address.equals(point.getAttributes().get(key)))
        .mapToLong(LongPointData::getValue)
        .sum();
  }
}
