package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.otel.metrics.LabelValues;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Times, response status and end of one attempt. The attempt's thread writes them, and the
 * exchange's reads them without a lock. Of the times 0 means "not yet".
 *
 * <p>Fields share their bits where one ends before the other begins: each 8 bytes are a part of
 * every request.
 */
class AttemptProgress {
  private static final int FIRST_ERROR_STATUS = 400;

  // Bits of the end: ended, outcome, whether the status is an error, and the fault. Above them one
  // that is there from the start: the upstream gets no context.
  private static final int OVER = 1;
  private static final int OUTCOME_SHIFT = 1;
  private static final int OUTCOME_MASK = 3;
  private static final int BAD_STATUS = 8;
  private static final int FAULT_SHIFT = 4;
  private static final int FAULT_MASK = (1 << Fault.BITS) - 1;
  private static final short WITHOUT_CONTEXT = 1 << 12;

  // Bits of the response: its status, above it the gRPC status, and whether there was an event.
  private static final int STATUS_MASK = 0x3ff;
  private static final int GRPC_SHIFT = 10;
  private static final int GRPC_MASK = 0x1f << GRPC_SHIFT;
  private static final int HAS_EVENT = 1 << 15;

  private static final VarHandle END;
  private static final VarHandle SINCE;
  private static final VarHandle EVENT;
  private static final VarHandle RESPONSE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      END = lookup.findVarHandle(AttemptProgress.class, "end", short.class);
      SINCE = lookup.findVarHandle(AttemptProgress.class, "sinceNanos", long.class);
      EVENT = lookup.findVarHandle(AttemptProgress.class, "eventNanos", long.class);
      RESPONSE = lookup.findVarHandle(AttemptProgress.class, "response", char.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The next older attempt of the exchange, to which this link belongs. */
  @Nullable AttemptProgress earlier;

  /** Which attempt of its exchange it is, from 1. */
  short ordinal = 1;

  private long sinceNanos;

  /** When the request was sent; from the first event from the upstream on, the time of the last. */
  private long eventNanos;

  private volatile short end;
  private char response;

  /**
   * @param hasContext whether the upstream gets a trace context
   */
  AttemptProgress(boolean hasContext) {
    if (!hasContext) {
      END.set(this, WITHOUT_CONTEXT);
    }
  }

  /** The progress of several attempts that are over, as that of one. */
  static AttemptProgress merged(long untilNanos, long busy, boolean succeeded, boolean complete) {
    AttemptProgress merged = new AttemptProgress(true);
    merged.sinceNanos = busy == 0 ? 0 : untilNanos - busy;
    merged.eventNanos = untilNanos;
    merged.response = HAS_EVENT;
    int outcome = succeeded ? LabelValues.SUCCESS : LabelValues.FAILED;
    merged.end = (short) (OVER | outcome << OUTCOME_SHIFT | (complete ? 0 : BAD_STATUS));
    return merged;
  }

  /** When upstream work started, 0 if not yet. */
  final long sinceNanos() {
    return (long) SINCE.getOpaque(this);
  }

  /** Time of the last event from the upstream. */
  final long lastNanos() {
    boolean hasEvent = ((char) RESPONSE.getAcquire(this) & HAS_EVENT) != 0;
    return hasEvent ? (long) EVENT.getOpaque(this) : 0;
  }

  /** Upstream time so far; up to {@code now} if it neither answered nor ended. */
  final long busyNanos(long now) {
    // In this order: the last time is written before the end.
    boolean over = isOver();
    long last = lastNanos();
    long since = sinceNanos();
    return since == 0 ? 0 : Math.max(0, (last == 0 && !over ? now : last) - since);
  }

  final boolean isOver() {
    return (end & OVER) != 0;
  }

  final boolean succeeded() {
    int how = end;
    return (how & OVER) != 0 && (how >> OUTCOME_SHIFT & OUTCOME_MASK) == LabelValues.SUCCESS;
  }

  /** Whether it got a response that is not an error. */
  final boolean isComplete() {
    return succeeded() && (end & BAD_STATUS) == 0;
  }

  final int fault() {
    return end >> FAULT_SHIFT & FAULT_MASK;
  }

  final boolean isWorking() {
    return sinceNanos != 0;
  }

  final boolean hasLastEvent() {
    return ((char) RESPONSE.getAcquire(this) & HAS_EVENT) != 0;
  }

  /** Whether the upstream gets a trace context. */
  final boolean hasContext() {
    return (end & WITHOUT_CONTEXT) == 0;
  }

  /** Whether the request was sent, or an event came without one. */
  final boolean isSent() {
    return eventNanos != 0;
  }

  /** When the request was sent, 0 if not yet. Meaningless once there was an event. */
  final long requestNanos() {
    return eventNanos;
  }

  final void requestSent(long now) {
    EVENT.setOpaque(this, now);
    if (sinceNanos == 0) {
      SINCE.setOpaque(this, now);
    }
  }

  /** The first event from the upstream: the head of its response. */
  final void answered(long now, int status) {
    if (sinceNanos == 0) {
      SINCE.setOpaque(this, now);
    }
    EVENT.setOpaque(this, now);
    // After it: who sees the flag sees this time, or a later one.
    int valid = Math.max(0, Math.min(status, STATUS_MASK));
    RESPONSE.setRelease(this, (char) (HAS_EVENT | valid));
  }

  /** Packed label of the upstream; 0 if it has none, or if these are attempts on several. */
  long upstream() {
    return 0;
  }

  final void workStarted(long now) {
    if (sinceNanos == 0) {
      SINCE.setOpaque(this, now);
    }
  }

  final void lastEvent(long now) {
    EVENT.setOpaque(this, now);
    RESPONSE.setRelease(this, (char) (response | HAS_EVENT));
  }

  /** The status of the response, 0 if there is none. */
  final int status() {
    return response & STATUS_MASK;
  }

  /** One of the values of {@link GrpcStatus}. */
  final byte grpc() {
    return (byte) ((response & GRPC_MASK) >> GRPC_SHIFT);
  }

  final void grpc(byte grpc) {
    response = (char) ((response & ~GRPC_MASK) | (grpc << GRPC_SHIFT));
  }

  /** Ends the attempt, unless it has ended; returns whether this call did. */
  final boolean end(int outcome, int fault) {
    short before = end;
    int how = before | OVER | outcome << OUTCOME_SHIFT | fault << FAULT_SHIFT;
    if (status() >= FIRST_ERROR_STATUS) {
      how |= BAD_STATUS;
    }
    return (before & OVER) == 0 && END.compareAndSet(this, before, (short) how);
  }
}
