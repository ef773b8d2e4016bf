package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;

class PresetIdsTest {
  private static final SpanContext PRESET =
      SpanContext.create(
          "0af7651916cd43dd8448eb211c80319c",
          "b7ad6b7169203331",
          TraceFlags.getDefault(),
          TraceState.getDefault());

  @Test
  void givesASpanItsPresetIds_andNoOther() {
    try (SdkTracerProvider provider = OwnTracers.builder().build()) {
      Tracer tracer = provider.get("test");
      Context root = Context.root();
      Span preset = start(tracer, root, PresetIds.mark(Context.root(), PRESET));
      assertThat(preset.getSpanContext().getTraceId()).isEqualTo(PRESET.getTraceId());
      assertThat(preset.getSpanContext().getSpanId()).isEqualTo(PRESET.getSpanId());
      assertThat(preset.getSpanContext().isSampled()).isTrue();
      Span child = start(tracer, Context.root().with(preset), Context.root());
      assertThat(child.getSpanContext().getTraceId()).isEqualTo(PRESET.getTraceId());
      assertThat(child.getSpanContext().getSpanId()).isNotEqualTo(PRESET.getSpanId());
      Span other = start(tracer, root, Context.root());
      assertThat(other.getSpanContext().getTraceId()).isNotEqualTo(PRESET.getTraceId());
      assertThat(other.getSpanContext().getTraceFlags().asHex()).isEqualTo("03");
    }
  }

  private static Span start(Tracer tracer, Context parent, Context current) {
    return current
        .wrapSupplier(() -> tracer.spanBuilder("GET").setParent(parent).startSpan())
        .get();
  }
}
