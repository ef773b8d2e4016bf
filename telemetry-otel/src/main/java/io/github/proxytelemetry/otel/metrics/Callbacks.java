package io.github.proxytelemetry.otel.metrics;

import java.util.ArrayList;
import java.util.List;

/** Registered observable instruments. Not thread-safe. */
public final class Callbacks {
  private final List<AutoCloseable> instruments = new ArrayList<>();

  public void add(AutoCloseable instrument) {
    instruments.add(instrument);
  }

  /** Unregisters all of them. */
  public void close() {
    for (AutoCloseable instrument : instruments) {
      try {
        instrument.close();
      } catch (Exception e) {
        // OpenTelemetry's instruments declare none; their common type does.
        throw new IllegalStateException(e);
      }
    }
    instruments.clear();
  }
}
