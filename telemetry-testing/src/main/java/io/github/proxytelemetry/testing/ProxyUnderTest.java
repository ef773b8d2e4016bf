package io.github.proxytelemetry.testing;

import java.net.InetSocketAddress;

/**
 * A running proxy. It forwards, and does what {@link ProxySettings} ask for; a request with the
 * header {@link HandlerScript#HEADER} it answers itself, by that script.
 */
public interface ProxyUnderTest {
  /**
   * Where it listens for clients.
   *
   * @return an address on the loopback interface
   */
  InetSocketAddress address();

  /**
   * Stops it and closes every connection it has, on both sides. May be called again.
   *
   * @throws Exception if it cannot be stopped
   */
  void close() throws Exception;
}
