package io.github.proxytelemetry;

/**
 * The time during which an exchange is the current one of a thread. It is closed on the thread that
 * opened it, after every scope that was opened within it.
 */
@FunctionalInterface
public interface Scope extends AutoCloseable {
  @Override
  void close();
}
