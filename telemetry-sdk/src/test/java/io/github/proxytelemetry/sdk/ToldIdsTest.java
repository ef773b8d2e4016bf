package io.github.proxytelemetry.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ToldIdsTest {
  private static final SpanContext TOLD =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getDefault(),
          TraceState.getDefault());

  @Test
  void givesASpanTheIdsThatOthersWereTold_andNoOther() {
    try (Collector collector = new Collector()) {
      ProxyTelemetrySdk sdk =
          ProxyTelemetrySdk.builder("proxy").otlp(collector.url(), options -> {}).build();
      Tracer tracer = sdk.openTelemetry().getTracer("test");
      Context root = RecordedSampler.mark(Context.root());
      Span told = start(tracer, root, ToldIds.mark(Context.root(), TOLD));
      assertThat(told.getSpanContext().getTraceId()).isEqualTo(TOLD.getTraceId());
      assertThat(told.getSpanContext().getSpanId()).isEqualTo(TOLD.getSpanId());
      assertThat(told.getSpanContext().isSampled()).isTrue();
      Span child = start(tracer, Context.root().with(told), Context.root());
      assertThat(child.getSpanContext().getTraceId()).isEqualTo(TOLD.getTraceId());
      assertThat(child.getSpanContext().getSpanId()).isNotEqualTo(TOLD.getSpanId());
      Span other = start(tracer, root, Context.root());
      assertThat(other.getSpanContext().getTraceId()).isNotEqualTo(TOLD.getTraceId());
      assertThat(other.getSpanContext().getTraceFlags().asHex()).isEqualTo("03");
      sdk.close(Duration.ofSeconds(30));
    }
  }

  private static Span start(Tracer tracer, Context parent, Context current) {
    return current
        .wrapSupplier(() -> tracer.spanBuilder("GET").setParent(parent).startSpan())
        .get();
  }
}
