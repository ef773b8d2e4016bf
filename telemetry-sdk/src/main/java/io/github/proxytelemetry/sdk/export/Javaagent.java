package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;

/**
 * Check for OpenTelemetry's javaagent, known by what it does to this SDK and not by its classes:
 * distributions rename those, and its options may have switched it off.
 */
public final class Javaagent {
  private static final Span ANY =
      Span.wrap(
          SpanContext.create(
              "00000000000000000000000000000001",
              "0000000000000001",
              TraceFlags.getSampled(),
              TraceState.getDefault()));

  private Javaagent() {}

  /** What the agent spoils, and what to do about it; empty without an agent. */
  public static List<String> warnings(SdkSpec spec) {
    List<String> warnings = new ArrayList<>();
    // The agent's bridge keeps contexts of its own, which know an SDK's span by its ids only.
    if (spec.hasTraces() && Span.fromContext(Context.root().with(ANY)) != ANY) {
      warnings.add(
          "OpenTelemetry's javaagent takes the spans of this SDK, and traces are incomplete:"
              + " start with -Dotel.instrumentation.opentelemetry-api.enabled=false, or record into"
              + " the agent with OtelProxyTelemetry.builder(GlobalOpenTelemetry.get()).");
    }
    if (!spec.otlp.isEmpty() && addsInterceptors()) {
      warnings.add(
          "OpenTelemetry's javaagent records the exports of this SDK as client spans: start with"
              + " -Dotel.instrumentation.okhttp.enabled=false.");
    }
    return warnings;
  }

  /** A client begins with none. Without TLS, which would read the trusted certificates. */
  private static boolean addsInterceptors() {
    OkHttpClient client =
        new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)).build();
    return !client.interceptors().isEmpty();
  }
}
