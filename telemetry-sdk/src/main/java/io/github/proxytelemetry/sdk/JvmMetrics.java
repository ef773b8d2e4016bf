package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.runtimetelemetry.RuntimeTelemetry;

/** The only class that needs OpenTelemetry's library for metrics of the runtime. */
final class JvmMetrics {
  private JvmMetrics() {}

  /** Returns what stops it. */
  static Runnable start(OpenTelemetry openTelemetry) {
    try {
      return RuntimeTelemetry.create(openTelemetry)::close;
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "jvm metrics: are switched on, but the library that measures them is missing or does not"
              + " fit; allowed is"
              + " io.opentelemetry.instrumentation:opentelemetry-runtime-telemetry:2.31.1-alpha on"
              + " the class path, with opentelemetry-api-incubator:1.65.0-alpha",
          e);
    }
  }
}
