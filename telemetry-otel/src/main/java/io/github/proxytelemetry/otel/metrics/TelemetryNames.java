package io.github.proxytelemetry.otel.metrics;

import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import java.util.Locale;

/** Prefixes of names that no naming is asked for, and the logger. */
public final class TelemetryNames {
  /** The logger of the back end. */
  public static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.otel");

  private TelemetryNames() {}

  /** The prefix of the catalogue's names; empty in a naming that renames all of them. */
  public static String prefix(MetricNaming naming) {
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      String own = instrument.name().toLowerCase(Locale.ROOT);
      if (name != null && name.endsWith(own)) {
        return name.substring(0, name.length() - own.length());
      }
    }
    return "";
  }

  /** The prefix of the telemetry's metrics about itself. */
  public static String telemetry(MetricNaming naming) {
    return prefix(naming) + "telemetry_";
  }
}
