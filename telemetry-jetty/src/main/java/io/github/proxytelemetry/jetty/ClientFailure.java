package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Request;
import org.jspecify.annotations.Nullable;

/**
 * Failure of an upstream request: the upstream's, unless the proxy limits its connections, or has
 * aborted the request for a reason of its own.
 *
 * @param begun whether the request had a connection
 * @param dialling whether it waited for a connection that was dialled for it
 * @param dialFailure the failure of that dial
 */
record ClientFailure(
    Request request,
    boolean begun,
    boolean dialling,
    @Nullable Throwable dialFailure,
    Throwable cause) {
  Side side() {
    return isLimit() || isAbort() ? Side.PROXY : Side.UPSTREAM;
  }

  ProxyError error() {
    if (isLimit()) {
      return ProxyError.CONNECTION_LIMIT_REACHED;
    }
    if (isAbort()) {
      return ProxyError.PROXY_INTERNAL_ERROR;
    }
    ProxyError error =
        begun ? ErrorClassifier.classify(cause) : ErrorClassifier.classifyConnect(cause);
    // Jetty reports some closed connections with exceptions of no particular type.
    return error == ProxyError.PROXY_INTERNAL_ERROR ? ProxyError.CONNECTION_TERMINATED : error;
  }

  /** Whether the request waited in vain for a connection that others use. */
  private boolean isLimit() {
    return !begun
        && !dialling
        && (cause instanceof TimeoutException || cause instanceof RejectedExecutionException);
  }

  /**
   * Whether the host aborted the request before it was sent. Jetty does so itself after a failed
   * dial or a time-out, and with a request that was sent when its upstream fails.
   */
  private boolean isAbort() {
    if (begun
        || cause != request.getAbortCause()
        || cause == dialFailure
        || cause instanceof TimeoutException) {
      return false;
    }
    // A dial that failed for another request aborts all that are queued.
    ProxyError error = ErrorClassifier.classifyConnect(cause);
    return error == ProxyError.PROXY_INTERNAL_ERROR || error == ProxyError.CONNECTION_TERMINATED;
  }
}
