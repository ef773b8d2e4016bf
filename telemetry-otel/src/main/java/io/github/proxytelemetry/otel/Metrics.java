package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.github.proxytelemetry.RequestInfo;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongCounter;
import io.opentelemetry.api.metrics.ObservableLongUpDownCounter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every instrument of the catalogue, ready to record. Recording takes no lock, builds nothing and
 * allocates nothing. Thread-safe.
 */
final class Metrics {
  /**
   * What the specification of OpenTelemetry allows; the SDK would drop any other without an error.
   */
  static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.\\-/]{0,254}");

  // By the number of the instrument, which is found in one step.
  private final @Nullable Cells[] cells = new @Nullable Cells[Instrument.values().length];
  private final @Nullable Distribution[] distributions =
      new @Nullable Distribution[Instrument.values().length];
  private final List<ObservableLongCounter> counters = new ArrayList<>();
  private final List<ObservableLongUpDownCounter> upDownCounters = new ArrayList<>();
  final EndedRequests endedRequests = new EndedRequests(this);
  final LayerMetrics layers;
  private final boolean readsScheme;

  Metrics(Meter meter, MetricNaming naming, LayerSet layers, Counts<SelfMetrics.Limit> overflows) {
    checkNames(naming);
    LayerNames.check(naming, layers);
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name != null && instrument.group().isDefault()) {
        register(meter, naming, instrument, name);
      }
    }
    this.readsScheme = naming.key(Instrument.REQUESTS_IN_PROGRESS, Dimension.SCHEME) != null;
    this.layers = new LayerMetrics(meter, naming, layers, overflows);
  }

  /** Names are checked before anything is created, so that an error leaves nothing behind. */
  static void checkNames(MetricNaming naming) {
    // The SDK compares names without regard to case.
    Map<String, Instrument> seen = new TreeMap<>();
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name == null) {
        continue;
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "metric name: was \""
                + name
                + "\" for "
                + instrument
                + ", allowed are a letter and then up to 254 letters, digits and _.-/");
      }
      Instrument other =
          seen.put(name.toLowerCase(Locale.ROOT) + ' ' + instrument.stage(), instrument);
      if (other != null) {
        throw new IllegalArgumentException(
            "metric name: was \""
                + name
                + "\" for both "
                + other
                + " and "
                + instrument
                + ", allowed are names that differ");
      }
      checkKeys(naming, instrument);
    }
  }

  private static void checkKeys(MetricNaming naming, Instrument instrument) {
    Set<String> keys = new HashSet<>();
    for (Dimension dimension : instrument.dimensions()) {
      String key = naming.key(instrument, dimension);
      if (key == null) {
        continue;
      }
      if (key.isBlank() || !keys.add(key)) {
        throw new IllegalArgumentException(
            "metric label: was \""
                + key
                + "\" for "
                + dimension
                + " of "
                + instrument
                + ", allowed are names that differ and are not blank");
      }
    }
  }

  /** The series of a request in progress; what it does not show is not read. */
  int inProgress(int method, RequestInfo request) {
    return Labels.inProgress(method, readsScheme ? request.scheme() : null);
  }

  /** Adds to a counter. */
  void add(Instrument instrument, int series, long count) {
    Cells counter = cells[Labels.number(instrument)];
    if (counter != null) {
      counter.add(series, count);
    }
  }

  /** Takes from an up-down counter what was {@linkplain #add added} to it. */
  void remove(Instrument instrument, int series, long count) {
    Cells counter = cells[Labels.number(instrument)];
    if (counter != null) {
      counter.remove(series, count);
    }
  }

  void record(Instrument instrument, int series, long nanos) {
    Distribution distribution = distributions[Labels.number(instrument)];
    if (distribution != null) {
      distribution.record(series, nanos);
    }
  }

  /** Stops being read. */
  void close() {
    counters.forEach(ObservableLongCounter::close);
    upDownCounters.forEach(ObservableLongUpDownCounter::close);
    layers.close();
  }

  private void register(Meter meter, MetricNaming naming, Instrument instrument, String name) {
    Series series = new Series(instrument, naming);
    String unit = instrument.unit();
    String description = instrument.description();
    switch (instrument.kind()) {
      case COUNTER -> {
        Cells counter = new Cells(series, endedRequests::passOn);
        cells[Labels.number(instrument)] = counter;
        counters.add(
            meter
                .counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .buildWithCallback(counter));
      }
      case UP_DOWN_COUNTER -> {
        Cells counter = new Cells(series, endedRequests::passOn);
        cells[Labels.number(instrument)] = counter;
        upDownCounters.add(
            meter
                .upDownCounterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .buildWithCallback(counter));
      }
      case HISTOGRAM ->
          distributions[Labels.number(instrument)] =
              new Distribution(
                  series,
                  meter
                      .histogramBuilder(name)
                      .setUnit(unit)
                      .setDescription(description)
                      .setExplicitBucketBoundariesAdvice(instrument.buckets())
                      .build());
    }
  }
}
