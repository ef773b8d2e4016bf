package io.github.proxytelemetry.sdk.export;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Search for OTLP exporters that send the same signal to the same place with the same headers,
 * which then has everything twice. Other headers may mean another tenant.
 */
final class RepeatedExporters {
  private static final System.Logger LOGGER = System.getLogger("io.github.proxytelemetry.sdk");

  private final Map<Destination, String> names = new HashMap<>();

  private record Destination(
      String url, boolean http, Map<String, String> headers, @Nullable Object token) {}

  /** Logs the repetitions among the exporters so far and this one. */
  void add(String name, OtlpSpec spec, Endpoint endpoint) {
    if (spec.metrics) {
      add(name, "metrics", spec, endpoint);
    }
    if (spec.traces) {
      add(name, "traces", spec, endpoint);
    }
  }

  private void add(String name, String signal, OtlpSpec spec, Endpoint endpoint) {
    String url = endpoint.http(signal);
    String other =
        names.putIfAbsent(
            new Destination(url + ' ' + signal, spec.http, spec.headers, spec.bearerToken), name);
    if (other != null && !Objects.equals(other, name)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "The exporters "
              + other
              + " and "
              + name
              + " both send "
              + signal
              + " to "
              + url
              + ", which gets everything twice; remove one of them, or switch the signal off in it.");
    }
  }
}
