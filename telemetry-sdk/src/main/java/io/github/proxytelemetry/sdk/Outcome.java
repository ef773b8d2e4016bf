package io.github.proxytelemetry.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.Locale;

/**
 * How one attempt to export went.
 *
 * @param kind what is to be done now
 * @param rejected how many of a batch that arrived the destination did not take
 * @param retryAfterNanos how long the destination wants to be left alone, 0 where it did not say
 * @param tooLarge whether it was not sent because it is too much for one request
 */
record Outcome(Kind kind, long rejected, long retryAfterNanos, boolean tooLarge) {
  enum Kind {
    /** The destination acknowledged it, perhaps not all of it. */
    DELIVERED,
    /** The destination does not want it, and never will. */
    REJECTED,
    /** Not now, but later. */
    UNAVAILABLE,
    /** No answer in time. It may have arrived. */
    TIMED_OUT,
    /** The exporter broke. */
    ERROR;

    /** As it stands in a label. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static final Outcome REJECTED = new Outcome(Kind.REJECTED, 0, 0, false);
  static final Outcome TOO_LARGE = new Outcome(Kind.REJECTED, 0, 0, true);
  static final Outcome UNAVAILABLE = new Outcome(Kind.UNAVAILABLE, 0, 0, false);
  static final Outcome TIMED_OUT = new Outcome(Kind.TIMED_OUT, 0, 0, false);
  static final Outcome ERROR = new Outcome(Kind.ERROR, 0, 0, false);

  static Outcome delivered(long rejected) {
    return new Outcome(Kind.DELIVERED, rejected, 0, false);
  }

  static Outcome unavailable(long retryAfterNanos) {
    return new Outcome(Kind.UNAVAILABLE, 0, retryAfterNanos, false);
  }

  /** Reads it back from a result that {@link #toResult} made, or any other exporter. */
  static Outcome of(CompletableResultCode result) {
    if (result.getFailureThrowable() instanceof Failure failure) {
      return failure.outcome;
    }
    return result.isSuccess() ? delivered(0) : ERROR;
  }

  boolean isDelivered() {
    return kind == Kind.DELIVERED;
  }

  /** Whether the same batch may yet be delivered. */
  boolean isWorthARetry() {
    return kind == Kind.UNAVAILABLE || kind == Kind.TIMED_OUT;
  }

  /** For the interface of OpenTelemetry's exporters, which knows success and failure only. */
  CompletableResultCode toResult() {
    return isDelivered() && rejected == 0
        ? CompletableResultCode.ofSuccess()
        : CompletableResultCode.ofExceptionalFailure(new Failure(this));
  }

  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Outcome outcome;

    Failure(Outcome outcome) {
      super(outcome.kind.label(), null, false, false);
      this.outcome = outcome;
    }
  }
}
