package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * Attribution of an exchange's failure to downstream, proxy or upstream.
 *
 * <p>One failure causes others: Jetty aborts the upstream request when the client disconnects, and
 * the response when the upstream fails, mostly with the same exception. So the first failure that
 * was observed at its source is the cause.
 *
 * <p>Called by the threads of both sides.
 */
final class FailureAttribution {
  /** Shared by the exchanges without a failure; never added to. */
  static final FailureAttribution NONE =
      new FailureAttribution(new ExchangeObservation() {}, (side, error, cause) -> {});

  private final ExchangeObservation exchange;
  private final Notes notes;
  private volatile @Nullable Throwable downstream;
  private volatile boolean clientGone;
  private volatile @Nullable AttemptFailure attempt;
  private volatile @Nullable Throwable handler;
  private volatile boolean refused;

  /**
   * Creates the attribution of an exchange.
   *
   * @param notes reports an error, unless the exchange has ended
   */
  FailureAttribution(ExchangeObservation exchange, Notes notes) {
    this.exchange = exchange;
    this.notes = notes;
  }

  /**
   * Reading the request failed.
   *
   * @param clientEnded whether the client closed its side; Jetty uses the same exception where it
   *     cuts off content that it cannot parse
   */
  void readFailed(Throwable failure, boolean clientEnded) {
    if (failure instanceof EofException ? !clientEnded : failure instanceof HttpException) {
      noteDownstream(ProxyError.HTTP_REQUEST_ERROR, failure);
    } else if (failure instanceof EofException) {
      clientGone(failure);
    }
  }

  /**
   * Writing the response failed.
   *
   * @param broken whether the connection to the client has failed; a host may also fail a write
   *     because of an error of its own
   */
  void writeFailed(Throwable failure, boolean broken) {
    if (failure instanceof TimeoutException) {
      noteDownstream(ProxyError.CONNECTION_WRITE_TIMEOUT, failure);
    } else if (broken || ErrorClassifier.isStreamReset(failure)) {
      clientGone(failure);
    }
  }

  /** The client disconnected, or stopped sending before the end of its request. */
  void clientGone(Throwable failure) {
    if (isFirst()) {
      clientGone = true;
      noteDownstream(ProxyError.CLIENT_ABORT, failure);
    }
  }

  /** The last write failed; the default cause if no other failure is observed before the end. */
  void suspectClient(Throwable failure) {
    if (isFirst()) {
      downstream = failure;
    }
  }

  /**
   * An attempt failed; the cause of the exchange's failure unless another attempt succeeds.
   *
   * @param side the upstream, or the proxy that gave the attempt up
   */
  void attemptFailed(Side side, ProxyError error, Throwable failure) {
    attempt = new AttemptFailure(side, error, failure);
  }

  /** Another attempt received a response. */
  void upstreamAnswered() {
    if (attempt != null) {
      attempt = null;
    }
  }

  /** A handler failed, and an error page is about to be written. */
  void handlerFailed(Throwable failure) {
    if (isFirst()) {
      handler = failure;
    }
  }

  /** Jetty refused to write a response, such as one with a head above its limit. */
  void writeRefused(Throwable failure) {
    if (isFirst()) {
      handler = failure;
      refused = true;
    }
  }

  /** Whether the client's failure is the reason for ending the attempts. */
  boolean isDownstream() {
    return downstream != null;
  }

  boolean isClientGone() {
    return clientGone;
  }

  /** Notes the cause of a 5xx response. */
  void noteErrorResponse() {
    AttemptFailure failed = attempt;
    if (failed != null) {
      notes.note(failed.side, failed.error, failed.cause);
    } else if (handler != null) {
      notes.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, handler);
    }
  }

  /** Ends the exchange without a complete response. */
  void fail(Throwable failure) {
    AttemptFailure failed = attempt;
    if (downstream != null) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, downstream);
    } else if (failed != null) {
      exchange.fail(failed.side, failed.error, failed.cause);
    } else if (failure instanceof EofException) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, failure);
    } else if (failure instanceof TimeoutException) {
      exchange.fail(Side.PROXY, ProxyError.HTTP_RESPONSE_TIMEOUT, failure);
    } else {
      exchange.fail(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, failure);
    }
  }

  private void noteDownstream(ProxyError error, Throwable failure) {
    if (isFirst()) {
      downstream = failure;
      notes.note(Side.DOWNSTREAM, error, failure);
    }
  }

  private boolean isFirst() {
    return downstream == null && attempt == null && !refused;
  }

  /** Report of an error to an exchange. */
  interface Notes {
    void note(Side side, ProxyError error, @Nullable Throwable cause);
  }

  private record AttemptFailure(Side side, ProxyError error, Throwable cause) {}
}
