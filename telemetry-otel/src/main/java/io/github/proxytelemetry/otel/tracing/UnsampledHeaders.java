package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/** Unsampled trace that came in the headers of W3C Trace Context, and goes on in them. */
final class UnsampledHeaders extends UnsampledTrace {
  private final byte flags;
  private final @Nullable String state;

  /**
   * @param parent for which {@link TraceParent#isUnsampled} holds
   * @param state the list, {@linkplain TraceStates#cleaned cleaned}
   */
  UnsampledHeaders(String parent, @Nullable String state) {
    super(TraceParent.traceHigh(parent), TraceParent.traceLow(parent));
    this.flags = (byte) (TraceParent.flags(parent) & Ids.RANDOM_FLAG);
    this.state = state;
  }

  @Override
  byte flags() {
    return flags;
  }

  @Override
  @Nullable String stateHeader() {
    return state;
  }

  @Override
  TraceState state() {
    return state == null ? TraceState.getDefault() : TraceStates.parse(state);
  }
}
