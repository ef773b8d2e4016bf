package io.github.proxytelemetry.benchmarks;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Median of some values, with the quartiles around it. */
record Quartiles(double lower, double median, double upper) {
  static <T> Quartiles of(Collection<T> items, ToDoubleFunction<T> value) {
    double[] sorted = items.stream().mapToDouble(value).sorted().toArray();
    return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  /** With so many digits behind the point. */
  String text(int digits) {
    String format = "%,." + digits + "f";
    return String.format(Locale.ROOT, format, median);
  }

  String range(int digits) {
    String format = "%,." + digits + "f–%,." + digits + "f";
    return String.format(Locale.ROOT, format, lower, upper);
  }

  /** Between the two nearest values, by distance. */
  private static double at(double[] sorted, double share) {
    double index = share * (sorted.length - 1);
    int below = (int) index;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
  }
}
