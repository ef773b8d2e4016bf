package io.github.proxytelemetry.sdk;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A metric as it is listed in {@code src/test/resources/names}.
 *
 * @param name its name over OTLP
 * @param kind {@code counter}, {@code updowncounter}, {@code histogram} or {@code gauge}
 * @param unit its unit in UCUM notation
 * @param keys its attributes; those that are integers end with {@code :int}
 */
record WireName(String name, String kind, String unit, Set<String> keys)
    implements Comparable<WireName> {
  static WireName parse(String line) {
    List<String> columns = List.of(line.split(" \\| ?", -1));
    Set<String> keys = new TreeSet<>(List.of(columns.get(3).split(" ")));
    keys.remove("");
    return new WireName(columns.get(0), columns.get(1), columns.get(2), keys);
  }

  boolean isHistogram() {
    return kind.equals("histogram");
  }

  boolean isCounter() {
    return kind.equals("counter");
  }

  /** What Prometheus calls it: the rules of the OpenTelemetry specification. */
  String inPrometheus() {
    String base = name.replaceAll("[^a-zA-Z0-9_]", "_").replaceAll("_total$", "");
    String suffix = unit.equals("s") ? "_seconds" : unit.equals("By") ? "_bytes" : "";
    return base + (base.endsWith(suffix) ? "" : suffix) + (isCounter() ? "_total" : "");
  }

  Set<String> labelsInPrometheus() {
    Set<String> labels = new TreeSet<>();
    keys.forEach(key -> labels.add(key.replace(":int", "").replace('.', '_')));
    return labels;
  }

  @Override
  public int compareTo(WireName other) {
    return Comparator.comparing(WireName::name).compare(this, other);
  }

  @Override
  public String toString() {
    return name + " | " + kind + " | " + unit + " | " + String.join(" ", keys);
  }
}
