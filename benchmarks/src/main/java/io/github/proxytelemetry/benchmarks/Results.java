package io.github.proxytelemetry.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slices of one scenario in pairs, by mode. */
final class Results {
  private final Scenario scenario;
  private final Map<String, List<Pair>> pairs = new LinkedHashMap<>();

  /** Milliseconds of compilation in the last second of each mode's warm-up. */
  private final Map<String, Double> compilerAfterWarmUp = new LinkedHashMap<>();

  Results(Scenario scenario) {
    this.scenario = scenario;
  }

  void add(Pair pair) {
    pairs.computeIfAbsent(pair.mode().mode(), mode -> new ArrayList<>()).add(pair);
  }

  void warmedUp(String mode, double compilerMillisPerSecond) {
    compilerAfterWarmUp.put(mode, compilerMillisPerSecond);
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

  Map<String, Double> compilerAfterWarmUp() {
    return compilerAfterWarmUp;
  }
}
