package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/** No-op observations: singletons whose behaviour is the default methods of the interfaces. */
final class Noop {
  enum Connection implements ConnectionObservation {
    INSTANCE
  }

  enum Downstream implements DownstreamObservation {
    INSTANCE
  }

  enum Exchange implements ExchangeObservation {
    INSTANCE
  }

  enum Attempt implements AttemptObservation {
    INSTANCE
  }

  enum Tunnel implements TunnelObservation {
    INSTANCE
  }

  enum Activation implements Scope {
    INSTANCE;

    @Override
    public void close() {}
  }

  /** Empty headers, and their accessor. */
  enum Headers implements HeaderAccess<Headers> {
    INSTANCE;

    @Override
    public @Nullable String get(Headers headers, String name) {
      return null;
    }

    @Override
    public void set(Headers headers, String name, String value) {}

    @Override
    public void add(Headers headers, String name, String value) {}

    @Override
    public void remove(Headers headers, String name) {}
  }

  private Noop() {}
}
