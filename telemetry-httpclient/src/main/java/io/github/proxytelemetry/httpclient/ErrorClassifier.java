package io.github.proxytelemetry.httpclient;

import io.github.proxytelemetry.AttemptObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Mapping of the JDK client's exceptions to {@link ProxyError}. */
final class ErrorClassifier {
  // The cause chain may be cyclic.
  private static final int MAX_CAUSES = 8;

  static ProxyError classify(@Nullable Throwable failure) {
    return ProxyError.of(failure, ErrorClassifier::classifyOne);
  }

  /** Ends an attempt with an exception. */
  static void report(AttemptObservation attempt, Throwable failure) {
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

  private static @Nullable ProxyError classifyOne(Throwable failure) {
    if (failure instanceof HttpConnectTimeoutException) {
      return ProxyError.CONNECTION_TIMEOUT;
    }
    if (failure instanceof HttpTimeoutException) {
      return ProxyError.HTTP_RESPONSE_TIMEOUT;
    }
    return failure instanceof WebSocketHandshakeException ? ProxyError.HTTP_UPGRADE_FAILED : null;
  }

  private ErrorClassifier() {}
}
