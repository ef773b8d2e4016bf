package io.github.proxytelemetry.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.proxytelemetry.testbed.RequiresProgram;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresProgram({"otelcol", "prometheus3"})
class FleetRestartTest {
  private static final Duration WHOLE_TEST = Duration.ofMinutes(4);

  @Test
  void neverCountsBackwards_whenAReplicaRestarts() throws Exception {
    try (CollectedFleet fleet = CollectedFleet.of(3)) {
      fleet.replicas.get(0, 10);
      fleet.replicas.get(1, 20);
      fleet.await(CollectedFleet.REQUESTS, 33);

      fleet.replicas.restart(1);
      fleet.replicas.get(1, 5);
      fleet.await(CollectedFleet.REQUESTS, 38);

      List<Double> sums = fleet.prometheus.history(CollectedFleet.REQUESTS, WHOLE_TEST);
      assertThat(sums).isSorted().endsWith(38.0);
      assertThat(
              fleet.prometheus.history("sum(rate(privacy_proxy_requests_total[5m]))", WHOLE_TEST))
          .isNotEmpty()
          .allMatch(rate -> rate >= 0);
    }
  }
}
