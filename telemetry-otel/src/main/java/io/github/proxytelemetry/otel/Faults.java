package io.github.proxytelemetry.otel;

import java.util.Map;

/**
 * What went wrong in the telemetry itself, apart from its exporters. All counts are since the
 * start, and are exported as well, as counters of the same names.
 *
 * @param errors how often the telemetry threw and was kept away from traffic, where it was {@code
 *     guarded}
 * @param callbackErrors how often code of the host threw that is called from here: {@code
 *     sampling}, {@code propagate_to} and {@code gauge}
 * @param seriesOverflow how many values were recorded as {@code _OTHER} for lack of room: for their
 *     {@code names}, such as routes, or for their {@code series}
 * @param lateCalls how many calls did nothing, because what they were about had ended: {@code
 *     start}, {@code response}, {@code bytes}, {@code end} and {@code fail}. None is an error by
 *     itself, as a second end is allowed and a race may make any of them late; but what was told
 *     with {@code fail} is lost
 */
public record Faults(
    long errors,
    Map<String, Long> callbackErrors,
    Map<String, Long> seriesOverflow,
    Map<String, Long> lateCalls) {
  /**
   * Copies the maps.
   *
   * @param errors errors of the telemetry
   * @param callbackErrors errors of the host's code
   * @param seriesOverflow values there was no room for
   * @param lateCalls calls that were too late
   */
  public Faults {
    callbackErrors = Map.copyOf(callbackErrors);
    seriesOverflow = Map.copyOf(seriesOverflow);
    lateCalls = Map.copyOf(lateCalls);
  }
}
