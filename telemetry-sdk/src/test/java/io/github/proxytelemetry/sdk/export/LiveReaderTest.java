package io.github.proxytelemetry.sdk.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReaderTest {
  @Test
  void readsThroughOneReader_thatIsCumulative() {
    LiveReader live = new LiveReader();
    MetricReader delta = InMemoryMetricReader.createDelta();
    MetricReader first = InMemoryMetricReader.create();
    MetricReader second = InMemoryMetricReader.create();
    assertThat(LiveReader.share(null, first)).isSameAs(first);
    // Collecting would take the values from its exporter.
    assertThat(LiveReader.share(live, delta)).isSameAs(delta);
    assertThat(LiveReader.share(live, first)).isNotSameAs(first);
    assertThat(LiveReader.share(live, second)).isSameAs(second);
  }

  @Test
  void keepsTheLatestSpans_boundedInNumber() {
    SpanRing ring = new SpanRing();
    end(ring, SpanRing.CAPACITY + 10, "");
    assertThat(ring.spans()).hasSize(SpanRing.CAPACITY);
    assertThat(ring.spans().get(0).getName()).isEqualTo("10");
    assertThat(ring.bytes()).isLessThanOrEqualTo(SpanRing.MAX_BYTES);
  }

  @Test
  void keepsTheLatestSpans_boundedInBytes() {
    SpanRing ring = new SpanRing();
    end(ring, 100, "x".repeat(50_000));
    List<SpanData> spans = ring.spans();
    assertThat(spans).hasSizeBetween(10, 21);
    assertThat(spans.get(spans.size() - 1).getName()).isEqualTo("99");
    assertThat(ring.bytes()).isBetween(1_000_000L, SpanRing.MAX_BYTES);
  }

  private static void end(SpanRing ring, int count, String value) {
    try (SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(ring).build()) {
      for (int i = 0; i < count; i++) {
        SpanBuilder builder = provider.get("t").spanBuilder("" + i).setParent(Context.root());
        builder.startSpan().setAttribute("key", value).end();
      }
    }
  }
}
