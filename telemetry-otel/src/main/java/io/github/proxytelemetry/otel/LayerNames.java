package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.AttributeKey;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Checks what can only be wrong about the names of layers. */
final class LayerNames {
  private LayerNames() {}

  static void check(MetricNaming naming, LayerSet layers) {
    Map<String, Instrument> named = new HashMap<>();
    for (Instrument instrument : Instrument.values()) {
      String name = naming.name(instrument);
      if (name == null) {
        continue;
      }
      Instrument other = named.putIfAbsent(name.toLowerCase(Locale.ROOT), instrument);
      if (other != null && !mayShare(naming, instrument, other)) {
        throw new IllegalArgumentException(
            "metric name: was \""
                + name
                + "\" for both "
                + other
                + " and "
                + instrument
                + ", allowed for one kind and unit, where both have a label for their stage");
      }
      if (layers.has(instrument.group())) {
        checkStaticAttributes(naming, instrument, layers);
      }
    }
  }

  private static boolean mayShare(MetricNaming naming, Instrument one, Instrument other) {
    return one.kind() == other.kind()
        && one.unit().equals(other.unit())
        && naming.key(one, Dimension.STAGE) != null
        && naming.key(other, Dimension.STAGE) != null;
  }

  private static void checkStaticAttributes(
      MetricNaming naming, Instrument instrument, LayerSet layers) {
    for (AttributeKey<?> fixed : layers.attributes(instrument.group()).asMap().keySet()) {
      for (Dimension dimension : instrument.dimensions()) {
        if (fixed.getKey().equals(naming.key(instrument, dimension))) {
          throw new IllegalArgumentException(
              "static attribute: was \""
                  + fixed.getKey()
                  + "\", which is a label of "
                  + naming.name(instrument)
                  + "; allowed are names that are none");
        }
      }
    }
  }
}
