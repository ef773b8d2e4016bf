package io.github.proxytelemetry.otel;

import java.util.Map;

/**
 * Counts of faults in the telemetry itself, apart from its exporters, since the start. They are
 * exported as well, as counters of the same names.
 *
 * @param errors exceptions that were kept away from traffic
 * @param guardTripped whether repeated errors keep the telemetry off for a while
 * @param callbackErrors exceptions thrown by callbacks of the host: {@code sampling}, {@code
 *     propagate_to}, {@code propagation} (a propagator) and {@code gauge}
 * @param seriesOverflow values recorded as {@code _OTHER} because a limit was reached: of {@code
 *     names}, such as routes, or of {@code series}
 * @param lateCalls calls received after an observation ended, which are ignored: {@code start},
 *     {@code response}, {@code bytes}, {@code end} and {@code fail}. A second end is allowed, and a
 *     race may make any call late; but a cause passed to a late {@code fail} is lost. Calls for
 *     what ended with its connection, and {@code cancel}, do not count
 */
public record Faults(
    long errors,
    boolean guardTripped,
    Map<String, Long> callbackErrors,
    Map<String, Long> seriesOverflow,
    Map<String, Long> lateCalls) {
  /**
   * Copies the maps.
   *
   * @param errors exceptions kept away from traffic
   * @param guardTripped whether the telemetry is off for a while
   * @param callbackErrors exceptions of callbacks
   * @param seriesOverflow values beyond a limit
   * @param lateCalls calls after an end
   */
  public Faults {
    callbackErrors = Map.copyOf(callbackErrors);
    seriesOverflow = Map.copyOf(seriesOverflow);
    lateCalls = Map.copyOf(lateCalls);
  }
}
