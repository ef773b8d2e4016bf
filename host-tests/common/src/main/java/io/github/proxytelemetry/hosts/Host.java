package io.github.proxytelemetry.hosts;

import io.github.proxytelemetry.ProxyTelemetry;
import java.net.InetSocketAddress;

/** Proxy of another project, ready to be started. */
@FunctionalInterface
public interface Host {
  /**
   * Starts the proxy on a free port of the loopback interface.
   *
   * @param telemetry the back end; {@link ProxyTelemetry#noop()} for the run without telemetry
   * @param origin the destination of a reverse proxy; a forward proxy finds it in each request
   */
  Running start(ProxyTelemetry telemetry, InetSocketAddress origin) throws Exception;

  /** Running proxy. */
  interface Running extends AutoCloseable {
    /** Returns the address of its listener. */
    InetSocketAddress address();

    /** Stops the proxy, and closes its pooled connections. */
    @Override
    void close();
  }
}
