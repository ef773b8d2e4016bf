package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.otel.metrics.LabelValues;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Times, response status and end of one attempt. The attempt's thread writes them, and the
 * exchange's reads them without a lock. Of the times 0 means "not yet".
 */
class AttemptProgress {
  private static final int FIRST_ERROR_STATUS = 400;

  // Bits of the end: ended, outcome, whether the status is an error, and the fault.
  private static final int OVER = 1;
  private static final int OUTCOME_SHIFT = 1;
  private static final int OUTCOME_MASK = 3;
  private static final int BAD_STATUS = 8;
  private static final int FAULT_SHIFT = 4;

  // Bits of the response: its status, and above it the gRPC status. Apart they would be 8 bytes
  // more.
  private static final int STATUS_MASK = 0x7ff;
  private static final int GRPC_SHIFT = 11;

  private static final VarHandle END;
  private static final VarHandle SINCE;
  private static final VarHandle LAST;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      END = lookup.findVarHandle(AttemptProgress.class, "end", short.class);
      SINCE = lookup.findVarHandle(AttemptProgress.class, "sinceNanos", long.class);
      LAST = lookup.findVarHandle(AttemptProgress.class, "lastNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The next older attempt of the exchange, to which this link belongs. */
  @Nullable AttemptProgress earlier;

  private long sinceNanos;
  private long lastNanos;
  private volatile short end;
  private char response;

  /** The progress of several attempts that are over, as that of one. */
  static AttemptProgress merged(long untilNanos, long busy, boolean succeeded, boolean complete) {
    AttemptProgress merged = new AttemptProgress();
    merged.sinceNanos = busy == 0 ? 0 : untilNanos - busy;
    merged.lastNanos = untilNanos;
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
    return (long) LAST.getOpaque(this);
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
    return end != 0;
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
    return end >> FAULT_SHIFT;
  }

  final boolean isWorking() {
    return sinceNanos != 0;
  }

  final boolean hasLastEvent() {
    return lastNanos != 0;
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
    LAST.setOpaque(this, now);
  }

  /** The status of the response, 0 if there is none. */
  final int status() {
    return response & STATUS_MASK;
  }

  final void status(int status) {
    int valid = Math.max(0, Math.min(status, STATUS_MASK));
    response = (char) ((response & ~STATUS_MASK) | valid);
  }

  /** One of the values of {@link GrpcStatus}. */
  final byte grpc() {
    return (byte) (response >> GRPC_SHIFT);
  }

  final void grpc(byte grpc) {
    response = (char) ((response & STATUS_MASK) | (grpc << GRPC_SHIFT));
  }

  /** Ends the attempt, unless it has ended; returns whether this call did. */
  final boolean end(int outcome, int fault) {
    int how = OVER | outcome << OUTCOME_SHIFT | fault << FAULT_SHIFT;
    if (status() >= FIRST_ERROR_STATUS) {
      how |= BAD_STATUS;
    }
    return END.compareAndSet(this, (short) 0, (short) how);
  }
}
