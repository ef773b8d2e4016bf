package io.github.proxytelemetry;

/**
 * Scope of something that lasts until it is closed. Where it makes an exchange or attempt current
 * on a thread, close it on that thread, in reverse order of opening; a try-with-resources statement
 * does both.
 */
@FunctionalInterface
public interface Scope extends AutoCloseable {
  @Override
  void close();
}
