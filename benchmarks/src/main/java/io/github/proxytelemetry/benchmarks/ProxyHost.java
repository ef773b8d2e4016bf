package io.github.proxytelemetry.benchmarks;

/** A proxy in front of one origin, on free ports of the loopback address. */
interface ProxyHost extends AutoCloseable {
  /** Of a host with a pool: on one core each thread that can run takes time from the compiler. */
  int THREADS = 16;

  /** The port for HTTP/1.1. */
  int http1();

  /** The port for HTTP/2 in cleartext, or 0 where a host has none. */
  default int http2() {
    return 0;
  }

  /**
   * Fails unless exactly so much was recorded.
   *
   * @param requests how many were forwarded
   * @param tunnels how many were opened by {@code CONNECT} besides
   */
  void verify(long requests, long tunnels);

  @Override
  void close();
}
