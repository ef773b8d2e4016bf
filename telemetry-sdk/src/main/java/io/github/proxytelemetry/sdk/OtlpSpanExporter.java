package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Sends spans with our own sender; its results say what became of them. */
final class OtlpSpanExporter implements SpanExporter {
  private final OtlpEncoding encoding;
  private final SpanExporter encoder;

  OtlpSpanExporter(OtlpEncoding encoding, SpanExporter encoder) {
    this.encoding = encoding;
    this.encoder = encoder;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return encoding.send(() -> encoder.export(spans)).toResult();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return encoding.shutdown();
  }
}
