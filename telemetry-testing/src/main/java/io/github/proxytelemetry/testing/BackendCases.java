package io.github.proxytelemetry.testing;

import static io.github.proxytelemetry.Instrument.CONNECTIONS_ACTIVE;
import static io.github.proxytelemetry.Instrument.REQUESTS_BY_STATUS;
import static io.github.proxytelemetry.Instrument.REQUESTS_IN_PROGRESS;
import static io.github.proxytelemetry.Instrument.REQUESTS_TOTAL;
import static io.github.proxytelemetry.Instrument.TUNNELS_ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.Dimension;
import io.github.proxytelemetry.Instrument;
import io.github.proxytelemetry.ProxyTelemetry;
import io.github.proxytelemetry.RequestInfo;
import io.github.proxytelemetry.Upstream;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Base class of the cases for back ends: reads its numbers and compares all of them. */
abstract class BackendCases {
  static final Upstream ORIGIN = Upstream.named("origin", "127.0.0.1", 443);
  static final RequestInfo GET = request("GET");

  private final ProxyTelemetryContract contract;

  BackendCases(ProxyTelemetryContract contract) {
    this.contract = contract;
  }

  static RequestInfo request(String method) {
    return () -> method;
  }

  ProxyTelemetry telemetry() {
    return contract.telemetry();
  }

  double total(Instrument instrument) {
    return contract.value(instrument, Map.of());
  }

  void assertLabelled(double expected, Instrument instrument, Dimension dimension, String label) {
    assertThat(contract.value(instrument, Map.of(dimension, label)))
        .as("%s{%s=%s}", instrument, dimension, label)
        .isEqualTo(expected);
  }

  void assertLabelled(double expected, Instrument instrument, Map<Dimension, String> labels) {
    assertThat(contract.value(instrument, labels))
        .as("%s%s", instrument, labels)
        .isEqualTo(expected);
  }

  void assertNothingActive(String when) {
    for (Instrument gauge : Set.of(CONNECTIONS_ACTIVE, REQUESTS_IN_PROGRESS, TUNNELS_ACTIVE)) {
      assertThat(total(gauge)).as("%s %s", gauge, when).isZero();
    }
  }

  void assertRequests(double expected) {
    assertThat(total(REQUESTS_TOTAL)).as("REQUESTS_TOTAL").isEqualTo(expected);
    assertThat(total(REQUESTS_BY_STATUS)).as("REQUESTS_BY_STATUS").isEqualTo(expected);
  }

  Totals totals() {
    return new Totals();
  }

  /** Expected totals of all instruments; those not listed have to be 0. */
  final class Totals {
    private final Map<Instrument, Double> expected = new EnumMap<>(Instrument.class);
    private final Set<Instrument> undefined = EnumSet.noneOf(Instrument.class);

    Totals with(double value, Instrument... instruments) {
      for (Instrument instrument : instruments) {
        expected.put(instrument, value);
      }
      return this;
    }

    /** Excludes instruments whose value the definitions leave open. */
    Totals without(Instrument... instruments) {
      undefined.addAll(Set.of(instruments));
      return this;
    }

    void check() {
      for (Instrument instrument : Instrument.values()) {
        if (!undefined.contains(instrument)) {
          assertThat(total(instrument))
              .as("%s", instrument)
              .isEqualTo(expected.getOrDefault(instrument, 0.0));
        }
      }
    }
  }
}
