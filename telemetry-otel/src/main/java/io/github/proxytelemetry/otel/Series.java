package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.MetricNaming;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All label combinations of an instrument, numbered: the last dimension counts fastest. Their
 * {@code Attributes} are built once, because building them costs more than recording. Combinations
 * that a naming does not tell apart share a place.
 */
final class Series {
  private final int[] places;
  private final Attributes[] attributes;
  private final boolean[] usual;

  Series(Instrument instrument, MetricNaming naming) {
    List<Dimension> dimensions = instrument.dimensions();
    int count = 1;
    for (Dimension dimension : dimensions) {
      count *= Labels.values(dimension).length;
    }
    places = new int[count];
    usual = new boolean[count];
    String[][] values = dimensions.stream().map(Labels::values).toArray(String[][]::new);
    Map<Attributes, Integer> known = new LinkedHashMap<>();
    for (int series = 0; series < count; series++) {
      AttributesBuilder builder = Attributes.builder();
      boolean shown = true;
      int rest = series;
      for (int index = dimensions.size() - 1; index >= 0; index--) {
        Dimension dimension = dimensions.get(index);
        String value = values[index][rest % values[index].length];
        rest /= values[index].length;
        String key = naming.key(instrument, dimension);
        if (key != null) {
          Labels.put(builder, key, dimension, value);
          shown &= Labels.isUsual(dimension, value);
        }
      }
      int place = known.computeIfAbsent(builder.build(), labels -> known.size());
      places[series] = place;
      usual[place] |= shown;
    }
    attributes = known.keySet().toArray(Attributes[]::new);
  }

  /** How many places there are. */
  int count() {
    return attributes.length;
  }

  /** For every combination what is at its place. */
  <T> T[] spread(T[] byPlace) {
    T[] all = Arrays.copyOf(byPlace, places.length);
    for (int series = 0; series < places.length; series++) {
      all[series] = byPlace[places[series]];
    }
    return all;
  }

  /** The labels of every combination. */
  Attributes[] attributes() {
    return spread(attributes);
  }

  Attributes attributes(int place) {
    return attributes[place];
  }

  /** Whether the series is exported although nothing was ever recorded in it. */
  boolean isUsual(int place) {
    return usual[place];
  }
}
