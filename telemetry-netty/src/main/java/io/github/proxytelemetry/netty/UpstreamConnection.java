package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ConnectionObservation;
import io.github.proxytelemetry.ConnectionPhase;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * State of a connection to an upstream that the handlers in its pipeline share, and the attempt
 * that it is dialled for, if any.
 *
 * <p>With HTTP on the connection, the handler of its requests ends the attempt. Without HTTP, as
 * for {@code CONNECT}, the attempt ends when the connection is established.
 */
final class UpstreamConnection {
  private final ConnectionObservation observation;

  /** The attempt that the connection is dialled for; cleared once its response is complete. */
  @Nullable AttemptObservation attempt;

  private final WarningLog log;
  private boolean established;
  private boolean secure;
  private boolean hasHttp;
  private boolean attemptEnded;
  private boolean over;
  private boolean headInRead;
  private @Nullable ProxyError reason;
  private @Nullable Throwable failure;

  UpstreamConnection(
      ConnectionObservation observation, @Nullable AttemptObservation attempt, WarningLog log) {
    this.observation = observation;
    this.attempt = attempt;
    this.log = log;
  }

  WarningLog log() {
    return log;
  }

  /** Whether the connection is usable, TLS included. */
  boolean isEstablished() {
    return established;
  }

  boolean isSecure() {
    return secure;
  }

  boolean hasHttp() {
    return hasHttp;
  }

  void bytesRead(long bytes) {
    headInRead = false;
    observation.bytesRead(bytes);
  }

  /** The head of a response was in what was read last. */
  void headRead() {
    headInRead = true;
  }

  /** The upstream sends no more: what the codec still reports did not come with the head. */
  void readOver() {
    headInRead = false;
  }

  /** Whether the bytes that are decoded came in the same read as the head. */
  boolean isHeadInRead() {
    return headInRead;
  }

  void bytesWritten(long bytes) {
    observation.bytesWritten(bytes);
  }

  void enter(ConnectionPhase phase) {
    secure |= phase == ConnectionPhase.TLS_HANDSHAKE;
    // A host may still dial a channel that was closed during the name lookup.
    if (!over) {
      observation.enter(phase);
    }
  }

  /** A handler of requests was added. */
  void httpAdded() {
    hasHttp = true;
    if (established && attempt != null) {
      attempt.connectionAcquired(false);
    }
  }

  /** The connection is usable; returns whether this was not known before. */
  boolean established() {
    if (over || established) {
      return false;
    }
    established = true;
    observation.established();
    if (hasHttp && attempt != null) {
      attempt.connectionAcquired(false);
    }
    return true;
  }

  /**
   * Whether an attempt may be ended by the caller, which then has to. The attempt that the
   * connection is dialled for is ended by the first of this class and the handler of requests.
   */
  boolean mayEnd(AttemptObservation candidate) {
    if (candidate != attempt) {
      return true;
    }
    boolean first = !attemptEnded;
    attemptEnded = true;
    return first;
  }

  /** Ends an attempt whose connection was established for it; returns whether it is one. */
  boolean endConnected(@Nullable AttemptObservation candidate) {
    if (candidate == null || candidate != attempt || !established) {
      return false;
    }
    if (mayEnd(candidate)) {
      candidate.end();
    }
    return true;
  }

  /** The attempt was only to connect. */
  void endAttempt() {
    if (attempt != null && mayEnd(attempt)) {
      attempt.connectionAcquired(false);
      attempt.end();
    }
  }

  /** The connection could not be established. */
  void fail(ProxyError error, @Nullable Throwable cause) {
    if (over) {
      return;
    }
    if (reason == null) {
      handshakeFailed(error, cause);
    }
    end();
  }

  /** A handshake failed. The connection ends when it is closed: the alert that follows counts. */
  void handshakeFailed(ProxyError error, @Nullable Throwable cause) {
    if (over) {
      return;
    }
    reason = error;
    failure = cause;
    if (attempt != null && mayEnd(attempt)) {
      attempt.fail(Side.UPSTREAM, error, cause);
    }
  }

  /** The proxy gave up the connection, or removed the handlers from it. */
  void cancel() {
    if (over) {
      return;
    }
    if (attempt != null && !(established && hasHttp) && mayEnd(attempt)) {
      attempt.cancel();
    }
    end();
  }

  /** The connection was closed. */
  void close() {
    if (!established) {
      fail(ProxyError.CONNECTION_TERMINATED, null);
      return;
    }
    if (over) {
      return;
    }
    if (attempt != null && !hasHttp && mayEnd(attempt)) {
      attempt.fail(Side.UPSTREAM, ProxyError.CONNECTION_TERMINATED, null);
    }
    end();
  }

  private void end() {
    over = true;
    if (reason == null) {
      observation.end();
    } else {
      observation.fail(Side.UPSTREAM, reason, failure);
    }
  }
}
