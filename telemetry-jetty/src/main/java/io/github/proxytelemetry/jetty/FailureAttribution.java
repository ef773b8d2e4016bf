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
  static final FailureAttribution NONE = new FailureAttribution(new ExchangeObservation() {});

  private final ExchangeObservation exchange;
  private volatile @Nullable Throwable downstream;
  private volatile boolean clientGone;
  private volatile @Nullable UpstreamFailure upstream;
  private volatile @Nullable Throwable handler;

  FailureAttribution(ExchangeObservation exchange) {
    this.exchange = exchange;
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

  /** An attempt failed; the cause of the exchange's failure unless another attempt succeeds. */
  void upstreamFailed(ProxyError error, Throwable failure) {
    upstream = new UpstreamFailure(error, failure);
  }

  /** Another attempt received a response. */
  void upstreamAnswered() {
    if (upstream != null) {
      upstream = null;
    }
  }

  /** A handler failed, and an error page is about to be written. */
  void handlerFailed(Throwable failure) {
    if (isFirst()) {
      handler = failure;
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
    UpstreamFailure failed = upstream;
    if (failed != null) {
      exchange.note(Side.UPSTREAM, failed.error, failed.cause);
    } else if (handler != null) {
      exchange.note(Side.PROXY, ProxyError.PROXY_INTERNAL_ERROR, handler);
    }
  }

  /** Ends the exchange without a complete response. */
  void fail(Throwable failure) {
    UpstreamFailure failed = upstream;
    if (downstream != null) {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, downstream);
    } else if (failed != null) {
      exchange.fail(Side.UPSTREAM, failed.error, failed.cause);
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
      exchange.note(Side.DOWNSTREAM, error, failure);
    }
  }

  private boolean isFirst() {
    return downstream == null && upstream == null;
  }

  private record UpstreamFailure(ProxyError error, Throwable cause) {}
}
