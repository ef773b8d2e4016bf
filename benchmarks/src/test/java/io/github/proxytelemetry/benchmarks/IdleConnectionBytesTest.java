package io.github.proxytelemetry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Bytes that telemetry adds to a connection on Netty that waits for its next request. A number that
 * falls is lowered here.
 */
class IdleConnectionBytesTest {
  private static final int CONNECTIONS = 5_000;

  /** What the heap of a running test varies by, for each of so many connections. */
  private static final double NOISE = 60;

  /** With the contexts, names and attributes that Netty keeps for our handlers. */
  @Test
  void inAll_ofAClientAndOfAnUpstream() {
    Holding none = Holding.measure("none", CONNECTIONS);
    Holding added = Holding.measure("metrics", CONNECTIONS).minus(none);
    assertThat(added.client()).as("of a client").isLessThanOrEqualTo(370 + NOISE);
    assertThat(added.upstream()).as("of an upstream").isLessThanOrEqualTo(390 + NOISE);
  }

  /** What other objects of ours there are does not depend on the number of connections. */
  @Test
  void inObjectsOfOurClasses() {
    try (Instrumentation instrumentation = Instrumentation.start("metrics")) {
      long few = ours(instrumentation, 100);
      long many = ours(instrumentation, 100 + CONNECTIONS);
      assertThat(Math.round((many - few) / (double) CONNECTIONS)).as("of a client").isEqualTo(192);
    }
  }

  private static long ours(Instrumentation instrumentation, int connections) {
    EmbeddedProxy.EmbeddedUpstream shared = new EmbeddedProxy.EmbeddedUpstream(instrumentation);
    List<EmbeddedProxy> proxies = new ArrayList<>(connections);
    for (int i = 0; i < connections; i++) {
      proxies.add(new EmbeddedProxy(instrumentation, shared));
    }
    proxies.forEach(EmbeddedProxy::exchange);
    long bytes = Heap.ours();
    proxies.forEach(EmbeddedProxy::close);
    return bytes;
  }
}
