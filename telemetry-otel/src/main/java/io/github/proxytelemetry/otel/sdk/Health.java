package io.github.proxytelemetry.otel.sdk;

import java.util.List;

/**
 * How the export is, at the moment it was asked for.
 *
 * @param exporters each exporter and signal; empty where the exporters are the host's
 */
public record Health(List<ExporterHealth> exporters) {
  /**
   * Copies the list.
   *
   * @param exporters each exporter and signal
   */
  public Health {
    exporters = List.copyOf(exporters);
  }

  /**
   * Whether all exporters are well. Traffic never depends on it: a proxy is not to be taken out of
   * service because its collector is down.
   *
   * @return {@code false} if the last export of any was not delivered
   */
  public boolean isHealthy() {
    return exporters.stream().allMatch(ExporterHealth::healthy);
  }
}
