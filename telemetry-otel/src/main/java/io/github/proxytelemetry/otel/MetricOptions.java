package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.otel.metrics.Methods;
import io.github.proxytelemetry.otel.metrics.MetricRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Options of metrics beyond their names: buckets, exemplars and labels. Not thread-safe. */
public final class MetricOptions {
  private final Map<Instrument, List<Double>> buckets = new EnumMap<>(Instrument.class);
  private boolean exemplars;
  private boolean proxyStatus;
  Methods methods = Methods.DEFAULT;

  MetricOptions() {}

  /**
   * Upper bounds of a histogram's buckets, in place of the naming's. Where the naming gives one
   * name to several instruments, they have the same. A destination with exponential histograms has
   * none.
   *
   * @param histogram an instrument of the kind {@link Instrument.Kind#HISTOGRAM}
   * @param bounds finite numbers in ascending order, in {@link Instrument#unit()}; none for a sum
   *     and a count only
   * @return this
   * @throws IllegalArgumentException if the instrument is no histogram, or the bounds are others
   */
  public MetricOptions buckets(Instrument histogram, double... bounds) {
    if (Objects.requireNonNull(histogram, "histogram").kind() != Instrument.Kind.HISTOGRAM) {
      throw new IllegalArgumentException(
          "buckets: invalid value \""
              + histogram
              + "\"; expected a histogram, such as PROCESSING_DURATION_SECONDS");
    }
    List<Double> given = new ArrayList<>();
    for (double bound : bounds) {
      given.add(bound);
    }
    MetricRules.checkBuckets(histogram, given);
    buckets.put(histogram, List.copyOf(given));
    return this;
  }

  /**
   * Whether histograms keep exemplars: the trace id, span id, value and time of single exchanges
   * that are sampled when they start. The default is {@code false}, and {@link Privacy#STRICT} has
   * none in any case. Over a host's OpenTelemetry its filter of exemplars decides too.
   *
   * @param on whether to keep them
   * @return this
   */
  public MetricOptions exemplars(boolean on) {
    exemplars = on;
    return this;
  }

  /**
   * Whether requests by status have the label {@code proxyStatus}: the token of the error, as in
   * Cloudflare's Privacy Proxy, absent where there was none. A naming may give it another key. The
   * default is {@code false}: there may be that many times more series.
   *
   * @param on whether to add it
   * @return this
   */
  public MetricOptions proxyStatus(boolean on) {
    proxyStatus = on;
    return this;
  }

  /**
   * Known methods, in place of all of the default ones, in metrics and in spans; any other is
   * {@code _OTHER}. The default are the methods of RFC 9110, {@code PATCH} and {@code QUERY}.
   *
   * @param methods names in the case in which they are sent, such as {@code PROPFIND}; at most 12
   *     besides {@code POST} and {@code CONNECT}
   * @return this
   * @throws IllegalArgumentException if there are more, or one is no token (RFC 9110, section
   *     5.6.2)
   */
  public MetricOptions knownMethods(String... methods) {
    for (String method : Objects.requireNonNull(methods, "methods")) {
      if (!Capture.TOKEN.matcher(method).matches()) {
        throw new IllegalArgumentException(
            "known methods: invalid value \"" + method + "\"; expected a name such as PROPFIND");
      }
    }
    this.methods = new Methods(List.of(methods));
    return this;
  }

  MetricRules rules(boolean strict) {
    return new MetricRules(buckets, exemplars && !strict, proxyStatus, methods);
  }
}
