package io.github.proxytelemetry.sdk.export;

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
 * Sampler that records spans whose parent is marked in the context, and children of sampled spans.
 * The decision itself is made before the span starts, by {@code HeadSampler} in telemetry-otel. A
 * span that the host starts within an unsampled exchange has no parent and no mark, and is dropped.
 */
final class RecordedSampler implements Sampler {
  private static final ContextKey<Boolean> RECORDED = ContextKey.named("proxy-telemetry-recorded");

  /** Most requests bring no context, so their mark is made once. */
  private static final Context ROOT = Context.root().with(RECORDED, true);

  static Context mark(Context parent) {
    return parent == Context.root() ? ROOT : parent.with(RECORDED, true);
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
    boolean sampled = span.isSampled() || parent.get(RECORDED) != null;
    return sampled ? SamplingResult.recordAndSample() : SamplingResult.drop();
  }

  @Override
  public String getDescription() {
    return "RecordedSampler";
  }
}
