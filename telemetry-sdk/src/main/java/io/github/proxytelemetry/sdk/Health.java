package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.otel.Faults;
import java.util.List;

/**
 * State of the exporters and counts of faults, at one moment.
 *
 * @param exporters each exporter and signal
 * @param faults counts of faults outside the exporters
 */
public record Health(List<ExporterHealth> exporters, Faults faults) {
  /**
   * Copies the list.
   *
   * @param exporters each exporter and signal
   * @param faults counts of faults
   */
  public Health {
    exporters = List.copyOf(exporters);
  }

  /**
   * Whether all exporters are healthy. Traffic does not depend on it: a proxy should not be taken
   * out of service because its collector is down. Faults are not part of it, as they never go away.
   *
   * @return {@code false} if the last export of any was not delivered
   */
  public boolean isHealthy() {
    return exporters.stream().allMatch(ExporterHealth::healthy);
  }
}
