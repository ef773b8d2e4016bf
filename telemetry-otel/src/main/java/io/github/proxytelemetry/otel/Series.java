package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;

/**
 * All label combinations of an instrument, numbered: the last dimension counts fastest. Their
 * {@code Attributes} are built once, because building them costs more than recording.
 */
final class Series {
  private final Attributes[] attributes;
  private final boolean[] usual;

  Series(Instrument instrument, MetricNaming naming) {
    List<Dimension> dimensions =
        instrument.dimensions().stream()
            .filter(dimension -> naming.key(instrument, dimension) != null)
            .toList();
    int count = 1;
    for (Dimension dimension : dimensions) {
      count *= Labels.values(dimension).length;
    }
    attributes = new Attributes[count];
    usual = new boolean[count];
    String[][] values = dimensions.stream().map(Labels::values).toArray(String[][]::new);
    for (int series = 0; series < count; series++) {
      AttributesBuilder builder = Attributes.builder();
      boolean shown = true;
      int rest = series;
      for (int place = dimensions.size() - 1; place >= 0; place--) {
        Dimension dimension = dimensions.get(place);
        String value = values[place][rest % values[place].length];
        rest /= values[place].length;
        builder.put(String.valueOf(naming.key(instrument, dimension)), value);
        shown &= Labels.isUsual(dimension, value);
      }
      attributes[series] = builder.build();
      usual[series] = shown;
    }
  }

  int count() {
    return attributes.length;
  }

  Attributes attributes(int series) {
    return attributes[series];
  }

  /** Whether the series is exported although nothing was ever recorded in it. */
  boolean isUsual(int series) {
    return usual[series];
  }
}
