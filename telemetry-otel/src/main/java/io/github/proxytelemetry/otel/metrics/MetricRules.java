package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a host decides about metrics beyond their names.
 *
 * @param buckets bounds of its own
 * @param exemplars whether values are recorded with the trace that they come from
 * @param proxyStatus whether requests by status have the error, too
 * @param methods the methods that labels name
 */
public record MetricRules(
    Map<Instrument, List<Double>> buckets,
    boolean exemplars,
    boolean proxyStatus,
    Methods methods) {
  private static final String PROXY_STATUS = "proxyStatus";

  public MetricRules {
    buckets = Map.copyOf(buckets);
  }

  /** The SDK would drop malformed bounds with a line in the log, and take its own. */
  public static void checkBuckets(Instrument instrument, List<Double> bounds) {
    double last = Double.NEGATIVE_INFINITY;
    for (double bound : bounds) {
      if (!(bound > last) || Double.isInfinite(bound)) {
        throw new IllegalArgumentException(
            "buckets: invalid value \""
                + bounds
                + "\" for "
                + instrument
                + "; expected finite numbers in ascending order");
      }
      last = bound;
    }
  }

  /**
   * Checks instruments that share a name.
   *
   * @throws IllegalArgumentException if the bounds of two of them differ
   */
  public void check(MetricNaming naming) {
    for (Instrument instrument : buckets.keySet()) {
      if (!bucketsOf(instrument, naming).equals(buckets.get(instrument))) {
        throw new IllegalArgumentException(
            "buckets: invalid value \""
                + buckets.get(instrument)
                + "\" for "
                + instrument
                + "; expected the same for every instrument with the name "
                + naming.name(instrument));
      }
    }
  }

  /** The key of a label, {@code null} to leave it out. */
  @Nullable String key(MetricNaming naming, Instrument instrument, Dimension dimension) {
    String key = naming.key(instrument, dimension);
    if (instrument != Instrument.REQUESTS_BY_STATUS || dimension != Dimension.ERROR) {
      return key;
    }
    // A naming that names all dimensions alike does not ask for it.
    return proxyStatus ? Objects.requireNonNullElse(key, PROXY_STATUS) : null;
  }

  /** The bounds of an instrument and of all that share its name. */
  List<Double> bucketsOf(Instrument instrument, MetricNaming naming) {
    String name = naming.name(instrument);
    for (Instrument other : Instrument.values()) {
      List<Double> own = buckets.get(other);
      if (own != null && (other == instrument || isSame(name, naming.name(other)))) {
        return own;
      }
    }
    return naming.buckets(instrument);
  }

  private static boolean isSame(@Nullable String name, @Nullable String other) {
    return name != null && name.equalsIgnoreCase(other);
  }
}
