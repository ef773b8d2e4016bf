package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Instrumentation scopes of ours, with our version and the schema that our names follow. */
public final class OwnScope {
  /** Of all spans, and of the metrics of traffic. */
  public static final String NAME = "io.github.proxytelemetry";

  /** Not a constant of the library: a host may have an older one. */
  private static final String SCHEMA = "https://opentelemetry.io/schemas/1.44.0";

  private static final String VERSION = version();

  private OwnScope() {}

  /** Whether a scope is one of ours, by its name. */
  public static boolean isOurs(String name) {
    return name.equals(NAME) || name.startsWith(NAME + '.');
  }

  public static Meter meter(OpenTelemetry openTelemetry, String name) {
    return openTelemetry
        .meterBuilder(name)
        .setInstrumentationVersion(VERSION)
        .setSchemaUrl(SCHEMA)
        .build();
  }

  public static Tracer tracer(TracerProvider provider) {
    Tracer tracer =
        provider
            .tracerBuilder(NAME)
            .setInstrumentationVersion(VERSION)
            .setSchemaUrl(SCHEMA)
            .build();
    // A provider that only implements what it must has a builder of tracers that do nothing.
    return tracer == TracerProvider.noop().get(NAME) ? provider.get(NAME, VERSION) : tracer;
  }

  /** From a file that the build fills in: a class path has no version, and a module no manifest. */
  private static String version() {
    try (InputStream file = OwnScope.class.getResourceAsStream("version.txt")) {
      return file == null
          ? "unknown"
          : new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
