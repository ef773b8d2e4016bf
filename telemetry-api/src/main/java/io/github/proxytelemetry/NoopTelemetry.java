package io.github.proxytelemetry;

/**
 * Disabled telemetry. Apart from {@link Noop}, whose observations must not depend on {@link
 * ProxyTelemetry}.
 */
enum NoopTelemetry implements ProxyTelemetry {
  INSTANCE;

  @Override
  public boolean isEnabled() {
    return false;
  }

  @Override
  public boolean isGuarded() {
    return true;
  }
}
