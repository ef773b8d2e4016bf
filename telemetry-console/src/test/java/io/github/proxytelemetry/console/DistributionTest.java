package io.github.proxytelemetry.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
  @Test
  void hasNoQuantile_whenEmpty() {
    assertThat(Distribution.of(List.of()).quantile(0.5)).isNaN();
    assertThat(Distribution.of(List.of()).count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsQuantiles_ofBothKindsOfHistograms(boolean exponential) {
    try (Histogram histogram = new Histogram(exponential)) {
      for (int i = 1; i <= 1000; i++) {
        histogram.values.record(i / 1000.0);
      }
      Distribution first = histogram.read();
      assertThat(first.count()).isEqualTo(1000);
      assertThat(first.quantile(0.5)).isCloseTo(0.5, Percentage.withPercentage(6));
      assertThat(first.quantile(0.95)).isCloseTo(0.95, Percentage.withPercentage(6));

      for (int i = 0; i < 100; i++) {
        histogram.values.record(0.0302);
      }
      Distribution recent = histogram.read().since(first);
      assertThat(recent.count()).isEqualTo(100);
      assertThat(recent.quantile(0.99)).isCloseTo(0.03, Percentage.withPercentage(40));
      assertThat(histogram.read().since(histogram.read()).quantile(0.5)).isNaN();
    }
  }

  @Test
  void takesTheBeginOfTheLastBucket() {
    try (Histogram histogram = new Histogram(false)) {
      histogram.values.record(1e6);
      assertThat(histogram.read().quantile(0.5)).isEqualTo(1.0);
    }
  }

  private static final class Histogram implements AutoCloseable {
    private final SdkMeterProvider provider;
    private final DoubleHistogram values;
    private final List<CollectionRegistration> registered = new ArrayList<>();

    Histogram(boolean exponential) {
      List<Double> bounds = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        bounds.add(i / 50.0);
      }
      SdkMeterProviderBuilder builder =
          SdkMeterProvider.builder().registerMetricReader(new Reader(registered));
      if (exponential) {
        builder.registerView(
            InstrumentSelector.builder().setName("*").build(),
            View.builder().setAggregation(Aggregation.base2ExponentialBucketHistogram()).build());
      }
      provider = builder.build();
      values =
          provider
              .get("test")
              .histogramBuilder("values")
              .setExplicitBucketBoundariesAdvice(bounds)
              .build();
    }

    Distribution read() {
      Collection<PointData> points = new ArrayList<>();
      for (MetricData metric : registered.get(0).collectAllMetrics()) {
        points.addAll(metric.getData().getPoints());
      }
      return Distribution.of(points);
    }

    @Override
    public void close() {
      provider.close();
    }
  }

  private record Reader(List<CollectionRegistration> registered) implements MetricReader {
    @Override
    public void register(CollectionRegistration registration) {
      registered.add(registration);
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
