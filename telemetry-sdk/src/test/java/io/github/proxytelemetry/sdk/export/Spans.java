package io.github.proxytelemetry.sdk.export;

import io.github.proxytelemetry.otel.tracing.OwnedOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;

/** Spans that the SDK records. */
public final class Spans {
  private Spans() {}

  /** Ends that many spans. */
  public static void end(OpenTelemetry openTelemetry, int count) {
    for (int i = 0; i < count; i++) {
      start(openTelemetry).end();
    }
  }

  public static Span start(OpenTelemetry openTelemetry) {
    return ((OwnedOpenTelemetry) openTelemetry)
        .recordingTracers()
        .get("t")
        .spanBuilder("s")
        .setNoParent()
        .startSpan();
  }
}
