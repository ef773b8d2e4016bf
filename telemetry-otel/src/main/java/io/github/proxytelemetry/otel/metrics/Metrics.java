package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.Instrument.Group;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Enabled instruments of the catalogue. Recording is lock-free, and allocation-free for existing
 * series; recording to a disabled instrument does nothing. Thread-safe.
 */
// Instruments are numbered by their ordinals, in the same run of the program.
@SuppressWarnings("EnumOrdinal")
public final class Metrics {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final String SECONDS = "s";
  private static final int COUNT = Instrument.values().length;

  /** Numbers of the known methods. */
  public final Methods methods;

  /** Interned values of labels that the host names. */
  public final PackedLabels labels;

  private final Meter meter;
  private final MetricNaming naming;
  private final MetricRules rules;
  private final LayerSet layers;

  // Indexed by Instrument.ordinal().
  private final @Nullable CounterCells[] counters = new @Nullable CounterCells[COUNT];
  private final @Nullable HistogramSeries[] histograms = new @Nullable HistogramSeries[COUNT];

  private final Set<Group> groups = EnumSet.noneOf(Group.class);
  private final Callbacks callbacks = new Callbacks();
  private final boolean readsScheme;
  private final boolean readsTransport;

  /** Whether values are recorded with the trace that they come from. */
  public final boolean exemplars;

  /** Whether a layer of whole exchanges is measured. */
  public final boolean measuresExchanges;

  /**
   * Whether attempts without a response have a latency, too: where its series have the status,
   * which tells them from answers.
   */
  public final boolean timesUnanswered;

  /** Whether a layer of attempts is measured. */
  public final boolean measuresAttempts;

  /** Callers run {@link NamingCheck} first, so that an invalid name registers nothing. */
  public Metrics(
      Meter meter,
      MetricNaming naming,
      MetricRules rules,
      LayerSet layers,
      EventCounts<SelfMetrics.Limit> overflows) {
    this.meter = meter;
    this.rules = rules;
    this.exemplars = rules.exemplars();
    this.naming = naming;
    this.layers = layers;
    this.methods = rules.methods();
    this.labels = new PackedLabels(methods, overflows.adder(SelfMetrics.Limit.NAMES));
    register(overflows.adder(SelfMetrics.Limit.SERIES));
    long usedDimensions = 0;
    for (Instrument instrument : Instrument.values()) {
      CounterCells counter = counters[instrument.ordinal()];
      HistogramSeries histogram = histograms[instrument.ordinal()];
      if (layers.has(instrument.group()) && counter != null) {
        usedDimensions |= counter.series().mask();
      } else if (layers.has(instrument.group()) && histogram != null) {
        usedDimensions |= histogram.series().mask();
      }
    }
    readsScheme = naming.key(Instrument.REQUESTS_IN_PROGRESS, Dimension.SCHEME) != null;
    timesUnanswered =
        naming.key(Instrument.UPSTREAM_RESPONSE_LATENCY_SECONDS, Dimension.STATUS) != null;
    readsTransport = (usedDimensions & PackedLabels.TRANSPORT) != 0;
    measuresExchanges = has(Group.GLOBAL) || has(Group.PROXY);
    measuresAttempts =
        has(Group.BACKEND)
            || has(Group.ROUND_TRIP)
            || has(Group.READ_PAYLOAD)
            || has(Group.DETAILED_CONNECTION);
  }

  private void register(LongAdder overflows) {
    Map<String, Instrument> named = new HashMap<>();
    Map<String, DynamicSeries.Capacity> capacities = new HashMap<>();
    Map<String, DoubleHistogram> shared = new HashMap<>();
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      Group group = instrument.group();
      if (name == null || !(group.isDefault() || layers.has(group))) {
        continue;
      }
      groups.add(group);
      String id = name.toLowerCase(Locale.ROOT);
      // Two descriptions of one metric would be two metrics to the SDK.
      Instrument first = named.computeIfAbsent(id, any -> instrument);
      DynamicSeries.Capacity capacity =
          capacities.computeIfAbsent(id, any -> new DynamicSeries.Capacity(overflows));
      DynamicSeries series =
          new DynamicSeries(
              labels, instrument, keys(instrument), layers.attributes(group), capacity);
      int number = instrument.ordinal();
      if (instrument.kind() == Instrument.Kind.HISTOGRAM) {
        double unit = instrument.unit().equals(SECONDS) ? NANOS_PER_SECOND : 1;
        DoubleHistogram histogram = shared.computeIfAbsent(id, any -> histogram(first, name));
        histograms[number] = new HistogramSeries(series, histogram, unit);
      } else {
        CounterCells counter = new CounterCells(series);
        counters[number] = counter;
        if (group.isDefault()) {
          series.createUsual();
        }
        register(first, name, counter);
      }
    }
  }

  /** Resolved once: a naming of the host's must not run on the request path. */
  private @Nullable String[] keys(Instrument instrument) {
    return instrument.dimensions().stream()
        .map(dimension -> rules.key(naming, instrument, dimension))
        .toArray(String[]::new);
  }

  private DoubleHistogram histogram(Instrument instrument, String name) {
    return meter
        .histogramBuilder(name)
        .setUnit(naming.unit(instrument))
        .setDescription(instrument.description())
        .setExplicitBucketBoundariesAdvice(rules.bucketsOf(instrument, naming))
        .build();
  }

  private void register(Instrument instrument, String name, CounterCells counter) {
    String unit = naming.unit(instrument);
    String description = instrument.description();
    if (instrument.kind() == Instrument.Kind.UP_DOWN_COUNTER) {
      callbacks.add(
          meter
              .upDownCounterBuilder(name)
              .setUnit(unit)
              .setDescription(description)
              .buildWithCallback(counter::observe));
      return;
    }
    var builder = meter.counterBuilder(name).setUnit(unit).setDescription(description);
    callbacks.add(
        instrument.unit().equals(SECONDS)
            ? builder.ofDoubles().buildWithCallback(counter::observeSeconds)
            : builder.buildWithCallback(counter::observe));
  }

  /** Whether any instrument of a group is on. */
  public boolean has(Group group) {
    return groups.contains(group);
  }

  /** Packed method and scheme of a request in progress, at most six bits, so they fit a byte. */
  public int requestInProgress(int method, RequestInfo request) {
    return readsScheme ? method | (int) PackedLabels.scheme(request.scheme()) : method;
  }

  /** The method of {@link #requestInProgress}. */
  public static int method(int requestInProgress) {
    return requestInProgress & 0xF;
  }

  /**
   * Labels of a request in the layers; scheme and protocol are read only if some metric has them.
   */
  public long request(int method, RequestInfo request) {
    return readsTransport
        ? PackedLabels.method(method)
            | PackedLabels.scheme(request.scheme())
            | PackedLabels.protocol(request.protocolVersion())
        : PackedLabels.method(method);
  }

  /** Adds to a counter or an up-down counter; times in nanoseconds. */
  public void add(Instrument instrument, long labels, long count) {
    CounterCells counter = counters[instrument.ordinal()];
    if (counter != null) {
      counter.series().cell(labels).added.add(count);
    }
  }

  /** Removes from an up-down counter what was {@linkplain #add added} to it. */
  public void remove(Instrument instrument, long labels, long count) {
    CounterCells counter = counters[instrument.ordinal()];
    if (counter != null) {
      counter.series().cell(labels).removed.add(count);
    }
  }

  /** The adder of a counter's series, {@code null} if it is off. */
  public @Nullable LongAdder sum(Instrument instrument, long labels) {
    CounterCells counter = counters[instrument.ordinal()];
    return counter == null ? null : counter.series().cell(labels).added;
  }

  /** Records into a histogram; durations in nanoseconds. */
  public void record(Instrument instrument, long labels, long value) {
    record(instrument, labels, value, Context.root());
  }

  /** As {@link #record(Instrument, long, long)}, with the context of an exemplar. */
  public void record(Instrument instrument, long labels, long value, Context context) {
    HistogramSeries histogram = histograms[instrument.ordinal()];
    if (histogram != null) {
      histogram.record(labels, value, context);
    }
  }

  /** Unregisters the observable instruments. */
  public void close() {
    callbacks.close();
  }
}
