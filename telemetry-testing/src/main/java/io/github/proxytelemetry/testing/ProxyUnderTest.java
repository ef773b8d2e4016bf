package io.github.proxytelemetry.testing;

import java.net.InetSocketAddress;

/**
 * Running proxy, started with {@link ProxySettings}. It forwards requests, except those with the
 * header {@link HandlerScript#HEADER}, which it answers itself.
 */
public interface ProxyUnderTest {
  /**
   * Returns the address of its listener.
   *
   * @return an address on the loopback interface
   */
  InetSocketAddress address();

  /**
   * Stops the proxy and closes all its connections, on both sides. Idempotent.
   *
   * @throws Exception if it cannot be stopped
   */
  void close() throws Exception;
}
