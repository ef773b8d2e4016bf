package io.github.proxytelemetry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Bytes that telemetry adds to a connection on Netty that waits for its next request: ours, and the
 * contexts, names and attributes that Netty keeps for the handlers. A number that falls is lowered
 * here.
 */
class IdleConnectionBytesTest {
  private static final int CONNECTIONS = 5_000;

  /** What the heap of a running test varies by, for each of so many connections. */
  private static final double NOISE = 60;

  @Test
  void ofAClientAndOfAnUpstream() {
    Holding none = Holding.measure("none", CONNECTIONS);
    Holding added = Holding.measure("metrics", CONNECTIONS).minus(none);
    assertThat(added.client()).as("of a client").isLessThanOrEqualTo(540 + NOISE);
    assertThat(added.upstream()).as("of an upstream").isLessThanOrEqualTo(498 + NOISE);
  }
}
