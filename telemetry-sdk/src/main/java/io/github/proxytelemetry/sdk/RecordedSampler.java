package io.github.proxytelemetry.sdk;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Records the roots that were decided upon before they were started, and every child of what is
 * recorded. A span that the host starts by itself during an exchange that is not recorded is none
 * of them, although it has no parent.
 */
final class RecordedSampler implements Sampler {
  private static final ContextKey<Boolean> RECORDED = ContextKey.named("proxy-telemetry-recorded");

  static Context mark(Context parent) {
    return parent.with(RECORDED, true);
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    SpanContext span = Span.fromContext(parent).getSpanContext();
    boolean sampled = span.isValid() ? span.isSampled() : parent.get(RECORDED) != null;
    return sampled ? SamplingResult.recordAndSample() : SamplingResult.drop();
  }

  @Override
  public String getDescription() {
    return "RecordedSampler";
  }
}
