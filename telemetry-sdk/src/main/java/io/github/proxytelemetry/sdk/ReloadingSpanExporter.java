package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Sends spans through the exporter that has the newest TLS files. */
final class ReloadingSpanExporter implements SpanExporter {
  private final Reloading<SpanExporter> exporter;

  ReloadingSpanExporter(Reloading<SpanExporter> exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return exporter.call(current -> current.export(spans));
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.call(SpanExporter::flush);
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public String toString() {
    return exporter.current().toString();
  }
}
