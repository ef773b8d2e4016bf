package io.github.proxytelemetry.testing;

/** An exported package may not be empty; delete this with the first real type. */
public final class Placeholder {
  private Placeholder() {}
}
