package io.github.proxytelemetry;

/**
 * Scope in which an exchange or attempt is current on a thread. Close it on the thread that opened
 * it, in reverse order of opening; a try-with-resources statement does both.
 */
@FunctionalInterface
public interface Scope extends AutoCloseable {
  @Override
  void close();
}
