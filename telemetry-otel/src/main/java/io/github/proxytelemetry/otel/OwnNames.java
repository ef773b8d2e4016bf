package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.util.Locale;

/** How the names begin that no naming is asked for. */
final class OwnNames {
  private OwnNames() {}

  /**
   * What stands before the catalogue's own names, as far as the naming keeps them: nothing in one
   * that renames everything.
   */
  static String prefix(MetricNaming naming) {
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      String own = instrument.name().toLowerCase(Locale.ROOT);
      if (name != null && name.endsWith(own)) {
        return name.substring(0, name.length() - own.length());
      }
    }
    return "";
  }

  /** What stands before the names of what the telemetry tells of itself. */
  static String telemetry(MetricNaming naming) {
    return prefix(naming) + "telemetry_";
  }
}
