package io.github.proxytelemetry.jetty;

import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * Where gauges of Jetty's pools go: what a back end has for gauges that its host feeds, such as
 * {@code OtelProxyTelemetry::gauge}.
 *
 * <p>Of the server's threads: {@code jetty_threads}, {@code jetty_idle_threads}, and {@code
 * jetty_queued_jobs}, where the pool tells; and of its buffers the memory that is pooled: {@code
 * jetty_direct_buffer_bytes} and {@code jetty_heap_buffer_bytes}.
 */
@FunctionalInterface
public interface PoolGauges {
  /**
   * Takes one gauge.
   *
   * @param name its name
   * @param unit its unit, in the code of UCUM
   * @param value tells the present value, at any time, on any thread
   */
  void gauge(String name, String unit, LongSupplier value);

  /**
   * Hands over the gauges of a server's pools.
   *
   * @param server the server
   * @param gauges takes them
   */
  static void of(Server server, PoolGauges gauges) {
    ThreadPool threads = server.getThreadPool();
    gauges.gauge("jetty_threads", "{thread}", threads::getThreads);
    gauges.gauge("jetty_idle_threads", "{thread}", threads::getIdleThreads);
    if (threads instanceof QueuedThreadPool queued) {
      gauges.gauge("jetty_queued_jobs", "{job}", queued::getQueueSize);
    }
    ByteBufferPool buffers = server.getByteBufferPool();
    if (buffers instanceof ArrayByteBufferPool pooled) {
      gauges.gauge("jetty_direct_buffer_bytes", "By", pooled::getDirectMemory);
      gauges.gauge("jetty_heap_buffer_bytes", "By", pooled::getHeapMemory);
    }
  }
}
