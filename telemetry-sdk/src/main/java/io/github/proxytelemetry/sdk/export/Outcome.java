package io.github.proxytelemetry.sdk.export;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Outcome of one attempt to export.
 *
 * @param kind decides about a retry
 * @param rejected items of a delivered batch that the destination refused (partial success)
 * @param retryAfterNanos delay that the destination asked for, 0 for none
 * @param tooLarge whether it exceeds the limit of one request, ours or the destination's
 * @param cause why it was not delivered, with nothing from the network in it; empty if it was
 */
record Outcome(Kind kind, long rejected, long retryAfterNanos, boolean tooLarge, String cause) {
  enum Kind {
    /** Acknowledged by the destination, perhaps in part. */
    DELIVERED,
    /** Refused for good. */
    REJECTED,
    /** Refused for now. */
    UNAVAILABLE,
    /** No answer in time; it may have arrived. */
    TIMED_OUT,
    /** A fault of the exporter. */
    ERROR;

    /** Value of the metric label. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Larger than one request may be, by our own limit. */
  static final Outcome TOO_LARGE = tooLarge("larger than maxRequestSize");

  static final Outcome TIMED_OUT = new Outcome(Kind.TIMED_OUT, 0, 0, false, Causes.TIMED_OUT);

  static Outcome delivered(long rejected) {
    return new Outcome(Kind.DELIVERED, rejected, 0, false, "");
  }

  static Outcome rejected(String cause) {
    return new Outcome(Kind.REJECTED, 0, 0, false, cause);
  }

  static Outcome tooLarge(String cause) {
    return new Outcome(Kind.REJECTED, 0, 0, true, cause);
  }

  static Outcome unavailable(long retryAfterNanos, String cause) {
    return new Outcome(Kind.UNAVAILABLE, 0, retryAfterNanos, false, cause);
  }

  static Outcome error(String cause) {
    return new Outcome(Kind.ERROR, 0, 0, false, cause);
  }

  /** Outcome of an exporter's call, within the time that is left for it. */
  static Outcome of(Supplier<CompletableResultCode> export, long timeoutNanos) {
    try {
      CompletableResultCode result = export.get().join(timeoutNanos, TimeUnit.NANOSECONDS);
      if (!result.isDone()) {
        return TIMED_OUT;
      }
      return result.isSuccess() ? delivered(0) : error("the exporter reports a failure");
    } catch (Failure failure) {
      return failure.outcome;
    }
  }

  /** The same, with where it was sent to. */
  Outcome at(String destination) {
    return cause.isEmpty()
        ? this
        : new Outcome(kind, rejected, retryAfterNanos, tooLarge, destination + ": " + cause);
  }

  boolean isDelivered() {
    return kind == Kind.DELIVERED;
  }

  /** Whether the same batch may yet be delivered. */
  boolean isWorthARetry() {
    return kind == Kind.UNAVAILABLE || kind == Kind.TIMED_OUT;
  }

  /** For the way through OpenTelemetry's exporters: see {@link OtlpSender#send}. */
  Failure failure() {
    return new Failure(this);
  }

  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Outcome outcome;

    private Failure(Outcome outcome) {
      super(outcome.kind().label(), null, false, false);
      this.outcome = outcome;
    }
  }
}
