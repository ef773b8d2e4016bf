package io.github.proxytelemetry.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of one mode that are alive at so many connections, and what a request allocates.
 *
 * @param client of an idle client connection
 * @param upstream of an idle connection to an upstream
 * @param exchange of an exchange with its attempt, in flight
 * @param garbage of a request, allocated
 */
record Holding(double client, double upstream, double exchange, double garbage) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int REQUESTS = 20_000;

  static Holding measure(String mode, int connections) {
    try (Instrumentation instrumentation = Instrumentation.start(mode)) {
      double garbage = garbage(instrumentation);
      double client = clients(instrumentation, connections);

      List<EmbeddedProxy> proxies = new ArrayList<>(connections);
      long before = Heap.live();
      for (int i = 0; i < connections; i++) {
        proxies.add(new EmbeddedProxy(instrumentation, upstream(instrumentation)));
      }
      proxies.forEach(EmbeddedProxy::exchange);
      long idle = Heap.live();
      proxies.forEach(EmbeddedProxy::begin);
      long inFlight = Heap.live();
      proxies.forEach(EmbeddedProxy::finish);
      proxies.forEach(EmbeddedProxy::close);
      double pair = (idle - before) / (double) connections;
      return new Holding(client, pair - client, (inFlight - idle) / (double) connections, garbage);
    }
  }

  /** What telemetry adds to the bare pipelines. */
  Holding minus(Holding none) {
    return new Holding(
        client - none.client,
        upstream - none.upstream,
        exchange - none.exchange,
        garbage - none.garbage);
  }

  private static double clients(Instrumentation instrumentation, int connections) {
    List<EmbeddedProxy> proxies = new ArrayList<>(connections);
    EmbeddedProxy.EmbeddedUpstream shared = upstream(instrumentation);
    long before = Heap.live();
    for (int i = 0; i < connections; i++) {
      proxies.add(new EmbeddedProxy(instrumentation, shared));
    }
    proxies.forEach(EmbeddedProxy::exchange);
    long after = Heap.live();
    proxies.forEach(EmbeddedProxy::close);
    return (after - before) / (double) connections;
  }

  /** After as many requests again, for the compiler; which also loads all classes. */
  private static double garbage(Instrumentation instrumentation) {
    EmbeddedProxy proxy = new EmbeddedProxy(instrumentation, upstream(instrumentation));
    for (int i = 0; i < 2 * REQUESTS; i++) {
      proxy.exchange();
    }
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < REQUESTS; i++) {
      proxy.exchange();
    }
    long after = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    proxy.close();
    return (after - before) / (double) REQUESTS;
  }

  private static EmbeddedProxy.EmbeddedUpstream upstream(Instrumentation instrumentation) {
    return new EmbeddedProxy.EmbeddedUpstream(instrumentation);
  }
}
