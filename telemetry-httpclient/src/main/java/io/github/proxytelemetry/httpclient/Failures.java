package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** What the exceptions of the JDK's client mean. */
final class Failures {
  // A cause chain is the host's data and may be a ring.
  private static final int MAX_CAUSES = 8;

  static ProxyError classify(@Nullable Throwable failure) {
    return ProxyError.of(failure, Failures::ofOne);
  }

  /** Ends an attempt that threw. */
  static void tell(AttemptObservation attempt, Throwable failure) {
    if (isCancelled(failure)) {
      attempt.cancel();
      return;
    }
    ProxyError error = classify(failure);
    Side side = error == ProxyError.PROXY_INTERNAL_ERROR ? Side.PROXY : Side.UPSTREAM;
    attempt.fail(side, error, failure);
  }

  private static boolean isCancelled(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof InterruptedException || cause instanceof CancellationException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static @Nullable ProxyError ofOne(Throwable failure) {
    if (failure instanceof HttpConnectTimeoutException) {
      return ProxyError.CONNECTION_TIMEOUT;
    }
    if (failure instanceof HttpTimeoutException) {
      return ProxyError.HTTP_RESPONSE_TIMEOUT;
    }
    return failure instanceof WebSocketHandshakeException ? ProxyError.HTTP_UPGRADE_FAILED : null;
  }

  private Failures() {}
}
