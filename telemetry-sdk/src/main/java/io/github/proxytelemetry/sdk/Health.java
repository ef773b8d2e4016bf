package io.github.proxytelemetry.sdk;

import io.github.proxytelemetry.otel.Faults;
import java.util.List;

/**
 * How the telemetry is, at the moment it was asked for.
 *
 * @param exporters each exporter and signal
 * @param faults what went wrong apart from the exporters
 */
public record Health(List<ExporterHealth> exporters, Faults faults) {
  /**
   * Copies the list.
   *
   * @param exporters each exporter and signal
   * @param faults what else went wrong
   */
  public Health {
    exporters = List.copyOf(exporters);
  }

  /**
   * Whether all exporters are well. Traffic never depends on it: a proxy is not to be taken out of
   * service because its collector is down. Faults are not asked, as they never go away.
   *
   * @return {@code false} if the last export of any was not delivered
   */
  public boolean isHealthy() {
    return exporters.stream().allMatch(ExporterHealth::healthy);
  }
}
