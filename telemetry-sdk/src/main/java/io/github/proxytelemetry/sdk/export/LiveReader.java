package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.otel.tracing.OwnScope;
import io.github.proxytelemetry.sdk.live.LiveView;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Live view of an SDK. It collects through the reader of an exporter where one has sums and plain
 * buckets: a reader of its own would be one more storage, which every recorded value goes to.
 */
final class LiveReader implements LiveView {
  private final SpanRing spans = new SpanRing();
  private volatile CollectionRegistration registration = CollectionRegistration.noop();
  private volatile MetricNaming naming = MetricNaming.PRIVACY_PROXY;
  private volatile boolean strict;
  private boolean shared;

  /** Registers the reader of an exporter with the SDK's provider, and reads through it too. */
  static MetricReader share(@Nullable LiveReader live, MetricReader reader) {
    return live == null || live.shared || !isPlain(reader) ? reader : live.shared(reader);
  }

  /** To be called when all exporters have theirs. */
  void register(SdkMeterProviderBuilder metrics) {
    if (!shared) {
      metrics.registerMetricReader(new Registering(new ManualReader()));
    }
  }

  void recordingAs(MetricNaming naming, boolean strict) {
    this.naming = naming;
    this.strict = strict;
  }

  /** The processor that keeps spans. */
  SpanRing ring() {
    return spans;
  }

  @Override
  public MetricNaming naming() {
    return naming;
  }

  @Override
  public boolean isStrict() {
    return strict;
  }

  @Override
  public Collection<MetricData> metrics() {
    // A host may record under the same names.
    return registration.collectAllMetrics().stream()
        .filter(metric -> OwnScope.isOurs(metric.getInstrumentationScopeInfo().getName()))
        .toList();
  }

  @Override
  public List<SpanData> spans() {
    return spans.spans();
  }

  private MetricReader shared(MetricReader reader) {
    shared = true;
    return new Registering(reader);
  }

  /** Collecting from such a reader takes nothing away from its exporter, and the page knows it. */
  private static boolean isPlain(MetricReader reader) {
    return reader.getMemoryMode() == MemoryMode.IMMUTABLE_DATA
        && reader.getDefaultAggregation(InstrumentType.HISTOGRAM)
            == Aggregation.defaultAggregation()
        && Stream.of(InstrumentType.values())
            .map(reader::getAggregationTemporality)
            .allMatch(temporality -> temporality == AggregationTemporality.CUMULATIVE);
  }

  /** Reader of an exporter, whose registration is kept. */
  private final class Registering implements MetricReader {
    private final MetricReader reader;

    Registering(MetricReader reader) {
      this.reader = reader;
    }

    @Override
    public void register(CollectionRegistration given) {
      registration = given;
      reader.register(given);
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return reader.getAggregationTemporality(type);
    }

    @Override
    public Aggregation getDefaultAggregation(InstrumentType type) {
      return reader.getDefaultAggregation(type);
    }

    @Override
    public MemoryMode getMemoryMode() {
      return reader.getMemoryMode();
    }

    @Override
    public CompletableResultCode forceFlush() {
      return reader.forceFlush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return reader.shutdown();
    }
  }
}
