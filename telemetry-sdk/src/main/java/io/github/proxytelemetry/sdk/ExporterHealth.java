package io.github.proxytelemetry.sdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one exporter is, for one signal. Items are spans, or data points of metrics. All counts are
 * since the start.
 *
 * @param exporter its name
 * @param signal {@code traces} or {@code metrics}
 * @param healthy whether the last export was delivered, or none was tried yet
 * @param lastSuccess when an export was last delivered, {@code null} if never
 * @param delivered how many items were delivered
 * @param queued how many items wait, or are under way
 * @param exports how many exports there were by how they went: {@code delivered}, {@code rejected},
 *     {@code unavailable}, {@code timed_out} and {@code error}
 * @param dropped how many items will never arrive, by the reason: {@code queue_full}, {@code
 *     rejected}, {@code error} and {@code shut_down}
 */
public record ExporterHealth(
    String exporter,
    String signal,
    boolean healthy,
    @Nullable Instant lastSuccess,
    long delivered,
    long queued,
    Map<String, Long> exports,
    Map<String, Long> dropped) {
  /**
   * Copies the maps.
   *
   * @param exporter its name
   * @param signal its signal
   * @param healthy whether the last export was delivered
   * @param lastSuccess when an export was last delivered
   * @param delivered items delivered
   * @param queued items that wait
   * @param exports exports by how they went
   * @param dropped items dropped by the reason
   */
  public ExporterHealth {
    exports = Map.copyOf(exports);
    dropped = Map.copyOf(dropped);
  }

  /**
   * How many exports were not delivered.
   *
   * @return 0 or more
   */
  public long failures() {
    return sum(exports) - exports.getOrDefault("delivered", 0L);
  }

  /**
   * How many items will never arrive, for whatever reason.
   *
   * @return 0 or more
   */
  public long totalDropped() {
    return sum(dropped);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
