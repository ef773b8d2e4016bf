package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.Upstream;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trace of an exchange that is sampled at its end, by its outcome. Until then only facts are kept;
 * its spans are created from them, with the ids that were injected meanwhile.
 */
final class EndSampledTrace extends UnsampledChild {
  /** Bounds what a retry storm keeps; the first attempts show what went wrong. */
  private static final int MAX_ATTEMPTS = 8;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final EndSampling sampling;
  private final ServerStart start;
  private long handlingNanos = UNKNOWN;
  private long responseEndNanos;
  private Attributes response = Attributes.empty();

  // Guarded by this: attempts may end on other threads, and after the exchange.
  private final List<EndSampledAttempt> ended = new ArrayList<>(1);
  private boolean over;
  private @Nullable ServerSpan span;

  EndSampledTrace(EndSampling sampling, ServerStart start, long high, long low) {
    super(start.parent(), high, low);
    this.sampling = sampling;
    this.start = start;
  }

  @Override
  public boolean isRecorded() {
    return true;
  }

  @Override
  public AttemptTrace startAttempt(Upstream upstream, int method, int number, long now) {
    return new EndSampledAttempt(this, upstream, method, number, now);
  }

  @Override
  public void handlingStarted(long now) {
    handlingNanos = now;
  }

  @Override
  public <C> void responseStarted(C headers, HeaderAccess<C> access) {
    response = sampling.tracing().capture().response(headers, access);
  }

  @Override
  public void responseEnded(long now) {
    responseEndNanos = now;
  }

  @Override
  public void end(ExchangeOutcome outcome, long now) {
    long endNanos = responseEndNanos == 0 ? now : responseEndNanos;
    if (!sampling.samples(outcome.isError(), endNanos - start.nanos())) {
      recordAttempts(null);
      return;
    }
    SpanContext ids = Span.fromContext(context()).getSpanContext();
    ServerSpan sampled = sampling.tracing().start(start, sampling.offset(), ids);
    if (handlingNanos != UNKNOWN) {
      sampled.handlingStarted(handlingNanos);
    }
    recordAttempts(sampled);
    sampled.capture(response);
    sampled.end(outcome, endNanos);
  }

  void attemptEnded(EndSampledAttempt attempt) {
    ServerSpan sampled;
    synchronized (this) {
      if (!over && ended.size() < MAX_ATTEMPTS) {
        ended.add(attempt);
      }
      sampled = span;
    }
    if (sampled != null) {
      attempt.record(sampled);
    }
  }

  private void recordAttempts(@Nullable ServerSpan sampled) {
    List<EndSampledAttempt> attempts;
    synchronized (this) {
      over = true;
      span = sampled;
      attempts = List.copyOf(ended);
      ended.clear();
    }
    if (sampled != null) {
      attempts.forEach(attempt -> attempt.record(sampled));
    }
  }
}
