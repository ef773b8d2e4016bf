package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.otel.tracing.AttemptSpans;
import org.jspecify.annotations.Nullable;

/** Connection that is dialled for an attempt whose layers record its phases. */
final class AttemptConnection extends Connection {
  private final @Nullable AttemptLayers layers;
  private final @Nullable AttemptSpans spans;

  AttemptConnection(
      Recorder recorder,
      int upstreamNumber,
      @Nullable AttemptLayers layers,
      @Nullable AttemptSpans spans) {
    super(recorder, upstreamNumber);
    this.layers = layers;
    this.spans = spans;
  }

  @Override
  void phaseEnded(ConnectionPhase phase, long nanos) {
    if (layers != null) {
      layers.phaseEnded(phase, nanos);
    }
    if (spans != null) {
      spans.phaseEnded(phase, nanos);
    }
  }
}
