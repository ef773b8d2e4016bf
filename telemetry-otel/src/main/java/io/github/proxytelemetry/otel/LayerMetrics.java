package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The instruments of the layers that are on. What is off has none. Recording takes no lock, and
 * allocates nothing in a series that exists. Thread-safe.
 */
final class LayerMetrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String SECONDS = "s";

  final LabelSet labels;
  private final Meter meter;
  private final Set<Group> groups = EnumSet.noneOf(Group.class);
  private final boolean readsTransport;
  private final boolean measuresExchanges;
  private final boolean measuresAttempts;
  private final Map<Instrument, OpenSeries> counters = new EnumMap<>(Instrument.class);
  private final Map<Instrument, Histogram> histograms = new EnumMap<>(Instrument.class);
  private final List<AutoCloseable> callbacks = new ArrayList<>();

  /** A histogram, shared by the layers that give it the same name. */
  private record Histogram(OpenSeries series, DoubleHistogram values, double unit) {
    void record(long labels, long value) {
      // The root context is named, so that the SDK does not look up the current one.
      values.record(Math.max(0, value) / unit, series.cell(labels).attributes, Context.root());
    }
  }

  LayerMetrics(
      Meter meter, MetricNaming naming, LayerSet layers, Counts<SelfMetrics.Limit> overflows) {
    this.meter = meter;
    this.labels = new LabelSet(overflows.adder(SelfMetrics.Limit.NAMES));
    LongAdder lost = overflows.adder(SelfMetrics.Limit.SERIES);
    long kept = 0;
    Map<String, Instrument> named = new HashMap<>();
    Map<String, OpenSeries.Room> rooms = new HashMap<>();
    Map<String, DoubleHistogram> shared = new HashMap<>();
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name == null || !layers.has(instrument.group())) {
        continue;
      }
      String id = name.toLowerCase(Locale.ROOT);
      // Two descriptions of one metric would be two metrics to the SDK.
      Instrument first = named.computeIfAbsent(id, any -> instrument);
      Attributes fixed = layers.attributes(instrument.group());
      OpenSeries series =
          new OpenSeries(
              labels,
              instrument,
              naming,
              fixed,
              rooms.computeIfAbsent(id, any -> new OpenSeries.Room(lost)));
      groups.add(instrument.group());
      kept |= LabelSet.mask(instrument, naming);
      if (instrument.kind() == Instrument.Kind.HISTOGRAM) {
        double unit = instrument.unit().equals(SECONDS) ? NANOS_PER_SECOND : 1;
        DoubleHistogram values = shared.computeIfAbsent(id, any -> histogram(first, name));
        histograms.put(instrument, new Histogram(series, values, unit));
      } else {
        counters.put(instrument, series);
        counter(first, name, series);
      }
    }
    readsTransport = (kept & LabelSet.TRANSPORT) != 0;
    measuresExchanges = has(Group.GLOBAL) || has(Group.PROXY);
    measuresAttempts =
        has(Group.BACKEND)
            || has(Group.ROUND_TRIP)
            || has(Group.READ_PAYLOAD)
            || has(Group.DETAILED_CONNECTION);
  }

  /** Whether anything of a layer is measured. */
  boolean has(Group group) {
    return groups.contains(group);
  }

  /** Whether any layer of whole exchanges is measured. */
  boolean measuresExchanges() {
    return measuresExchanges;
  }

  /** Whether anything of the layer of attempts is measured. */
  boolean measuresAttempts() {
    return measuresAttempts;
  }

  /** The labels of a request as it was sent; what no metric shows is not read. */
  long request(int method, RequestInfo request) {
    return readsTransport
        ? LabelSet.method(method)
            | LabelSet.scheme(request.scheme())
            | LabelSet.protocol(request.protocolVersion())
        : LabelSet.method(method);
  }

  /** Adds to a counter; times in nanoseconds. */
  void add(Instrument instrument, long labels, long value) {
    OpenSeries series = counters.get(instrument);
    if (series != null) {
      series.cell(labels).sum.add(value);
    }
  }

  /** What a counter of many small parts adds to, or {@code null} if it is off. */
  @Nullable LongAdder sum(Instrument instrument, long labels) {
    OpenSeries series = counters.get(instrument);
    return series == null ? null : series.cell(labels).sum;
  }

  /** Records in a histogram; times in nanoseconds. */
  void record(Instrument instrument, long labels, long value) {
    Histogram histogram = histograms.get(instrument);
    if (histogram != null) {
      histogram.record(labels, value);
    }
  }

  /** Stops being read. */
  void close() {
    Closing.all(callbacks);
  }

  private DoubleHistogram histogram(Instrument instrument, String name) {
    return meter
        .histogramBuilder(name)
        .setUnit(instrument.unit())
        .setDescription(instrument.description())
        .setExplicitBucketBoundariesAdvice(instrument.buckets())
        .build();
  }

  private void counter(Instrument instrument, String name, OpenSeries series) {
    var builder =
        meter
            .counterBuilder(name)
            .setUnit(instrument.unit())
            .setDescription(instrument.description());
    callbacks.add(
        instrument.unit().equals(SECONDS)
            ? builder.ofDoubles().buildWithCallback(measurement -> seconds(series, measurement))
            : builder.buildWithCallback(measurement -> sums(series, measurement)));
  }

  private static void sums(OpenSeries series, ObservableLongMeasurement measurement) {
    for (OpenSeries.Cell cell : series.all()) {
      measurement.record(cell.sum.sum(), cell.attributes);
    }
  }

  private static void seconds(OpenSeries series, ObservableDoubleMeasurement measurement) {
    for (OpenSeries.Cell cell : series.all()) {
      measurement.record(cell.sum.sum() / NANOS_PER_SECOND, cell.attributes);
    }
  }
}
