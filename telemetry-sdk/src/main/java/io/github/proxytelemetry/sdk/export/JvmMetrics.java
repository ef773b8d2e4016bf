package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.runtimetelemetry.RuntimeTelemetry;

/** Metrics of the Java runtime; the only class that needs OpenTelemetry's library for them. */
final class JvmMetrics {
  private JvmMetrics() {}

  /** Returns a function that stops them. */
  static Runnable start(OpenTelemetry openTelemetry) {
    try {
      return RuntimeTelemetry.create(openTelemetry)::close;
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "jvm metrics: are switched on, but their library is missing or does not fit; expected"
              + " io.opentelemetry.instrumentation:opentelemetry-runtime-telemetry:2.31.1-alpha on"
              + " the class path, with opentelemetry-api-incubator:1.65.0-alpha",
          e);
    }
  }
}
