package io.github.proxytelemetry.otel;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that is not sampled, and recorded all the same if its end is worth it. Until then
 * only facts are kept; then its spans are made of them, in the trace that others were told of.
 */
final class LateTrace extends UnrecordedTrace {
  /** Bounds what a retry storm keeps; the first attempts say what went wrong. */
  private static final int MAX_ATTEMPTS = 8;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final LateDecision decision;
  private final ServerStart start;
  private long handlingNanos = UNKNOWN;
  private Attributes response = Attributes.empty();

  // Guarded by this: attempts may end on other threads, and after the exchange.
  private final List<LateAttempt> ended = new ArrayList<>(1);
  private boolean over;
  private @Nullable ServerSpan span;

  LateTrace(LateDecision decision, ServerStart start) {
    super(start.parent(), decision.tracing().traceIds());
    this.decision = decision;
    this.start = start;
  }

  @Override
  public AttemptTrace startAttempt(Recorder recorder, Upstream upstream, int method, int number) {
    return new LateAttempt(this, place, upstream, method, number, recorder.now());
  }

  @Override
  public void handlingStarted(long now) {
    handlingNanos = now;
  }

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {
    response = decision.tracing().policy().capture().response(headers, access);
  }

  @Override
  public void end(
      ServerSpan.Outcome outcome,
      long processingNanos,
      boolean upgraded,
      boolean complete,
      long endNanos) {
    boolean kept = decision.keeps(outcome.isError(), endNanos - start.nanos());
    ServerSpan late =
        kept ? decision.tracing().startLate(start, decision.offset(), place.told()) : null;
    if (late != null && handlingNanos != UNKNOWN) {
      late.handlingStarted(handlingNanos);
    }
    replay(late);
    if (late != null) {
      late.capture(response);
      late.end(outcome, processingNanos, upgraded, complete, endNanos);
    }
  }

  void attemptEnded(LateAttempt attempt) {
    ServerSpan late;
    synchronized (this) {
      if (!over && ended.size() < MAX_ATTEMPTS) {
        ended.add(attempt);
      }
      late = span;
    }
    if (late != null) {
      attempt.replay(late);
    }
  }

  private void replay(@Nullable ServerSpan late) {
    List<LateAttempt> attempts;
    synchronized (this) {
      over = true;
      span = late;
      attempts = List.copyOf(ended);
      ended.clear();
    }
    if (late != null) {
      attempts.forEach(attempt -> attempt.replay(late));
    }
  }
}
