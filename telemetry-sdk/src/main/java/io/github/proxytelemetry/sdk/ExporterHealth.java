package io.github.proxytelemetry.sdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * State of one exporter for one signal. Items are spans, or data points of metrics. All counts are
 * since the start.
 *
 * @param exporter its name
 * @param signal {@code traces} or {@code metrics}
 * @param healthy whether the last export was delivered, or none was tried yet
 * @param lastSuccess time of the last delivery, {@code null} if there was none
 * @param delivered items delivered
 * @param queued items that wait or are under way
 * @param exports exports by outcome: {@code delivered}, {@code rejected}, {@code unavailable},
 *     {@code timed_out} and {@code error}
 * @param dropped items lost by reason: {@code queue_full}, {@code rejected}, {@code error} and
 *     {@code shut_down}
 * @param failure why the last export was not delivered: the destination's host and port, and a
 *     status or the class of an exception, with nothing in it that came from the network; {@code
 *     null} if it was delivered, or none was tried yet
 */
public record ExporterHealth(
    String exporter,
    String signal,
    boolean healthy,
    @Nullable Instant lastSuccess,
    long delivered,
    long queued,
    Map<String, Long> exports,
    Map<String, Long> dropped,
    @Nullable String failure) {
  /**
   * Copies the maps.
   *
   * @param exporter its name
   * @param signal its signal
   * @param healthy whether the last export was delivered
   * @param lastSuccess time of the last delivery
   * @param delivered items delivered
   * @param queued items that wait
   * @param exports exports by outcome
   * @param dropped items lost by reason
   * @param failure why the last export was not delivered
   */
  public ExporterHealth {
    exports = Map.copyOf(exports);
    dropped = Map.copyOf(dropped);
  }

  /**
   * Exports that were not delivered.
   *
   * @return 0 or more
   */
  public long failures() {
    return sum(exports) - exports.getOrDefault("delivered", 0L);
  }

  /**
   * Items lost, for any reason.
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
