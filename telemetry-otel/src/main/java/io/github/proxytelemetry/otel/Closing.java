package io.github.proxytelemetry.otel;

import java.util.List;

/** Closes what the SDK calls back. */
final class Closing {
  private Closing() {}

  static void all(List<AutoCloseable> instruments) {
    for (AutoCloseable instrument : instruments) {
      try {
        instrument.close();
      } catch (Exception e) {
        // The instruments of OpenTelemetry declare none; their common type does.
        throw new IllegalStateException(e);
      }
    }
  }
}
