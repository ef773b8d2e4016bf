package io.github.proxytelemetry.examples.common;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A proxy that has begun to listen. */
public interface ProxyServer extends AutoCloseable {
  /**
   * Waits until clients can come in.
   *
   * @throws IOException if the port is taken
   */
  void awaitStart() throws IOException, InterruptedException;

  /** Where clients come in. */
  InetSocketAddress address();

  /** Closes every connection, and waits until that is done. */
  @Override
  void close();
}
