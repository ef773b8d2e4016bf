package io.github.proxytelemetry.otel;

import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import org.junit.jupiter.api.Test;

class DumpTest {
  @Test
  void dump() throws Exception {
    for (Naming naming : Naming.values()) {
      Bench bench = Bench.layeredMetrics(naming.naming(), Layers.all());
      Traffic.drive(bench.telemetry);
      Traffic.work(bench.telemetry);
      Files.write(
          Path.of(
              "src/test/resources/names",
              naming.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt"),
          bench.reader.collectAllMetrics().stream()
              .map(NamingsOnTheWireTest::wireName)
              .sorted()
              .map(WireName::toString)
              .toList());
    }
  }
}
