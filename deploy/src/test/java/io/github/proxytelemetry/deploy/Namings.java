package io.github.proxytelemetry.deploy;

import io.github.proxytelemetry.MetricNaming;
import java.util.List;

/** Namings for which there are dashboards and rules. */
final class Namings {
  static List<SeriesNames> all() {
    return List.of(
        new SeriesNames("privacy-proxy", MetricNaming.PRIVACY_PROXY),
        new SeriesNames("krakend", MetricNaming.KRAKEND),
        new SeriesNames("semconv", MetricNaming.SEMCONV));
  }

  private Namings() {}
}
