package io.github.proxytelemetry.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slices of one scenario in pairs, by mode. */
final class Results {
  private final Scenario scenario;
  private final Map<String, List<Pair>> pairs = new LinkedHashMap<>();

  private final Map<String, WarmUp> warmUps = new LinkedHashMap<>();

  Results(Scenario scenario) {
    this.scenario = scenario;
  }

  void add(Pair pair) {
    pairs.computeIfAbsent(pair.mode().mode(), mode -> new ArrayList<>()).add(pair);
  }

  void warmedUp(String mode, WarmUp warmUp) {
    warmUps.put(mode, warmUp);
  }

  Scenario scenario() {
    return scenario;
  }

  Map<String, List<Pair>> pairs() {
    return pairs;
  }

  /** The slices of "none" that all modes are compared to. */
  List<Slice> none() {
    return pairs.values().stream().flatMap(List::stream).map(Pair::none).toList();
  }

  Map<String, WarmUp> warmUps() {
    return warmUps;
  }

  /** The slices of a mode. */
  List<Slice> slices(String mode) {
    List<Pair> compared = pairs.get(mode);
    return compared == null ? none() : compared.stream().map(Pair::mode).toList();
  }
}
