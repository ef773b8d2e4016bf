package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyError;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/** Mapping of Jetty's exceptions to {@link ProxyError}. */
final class ErrorClassifier {
  static ProxyError classify(@Nullable Throwable failure) {
    return ProxyError.of(failure, ErrorClassifier::classifyOne);
  }

  /** The error of a request that failed before it had a connection. */
  static ProxyError classifyConnect(@Nullable Throwable failure) {
    if (failure instanceof SocketTimeoutException || failure instanceof TimeoutException) {
      return ProxyError.CONNECTION_TIMEOUT;
    }
    return classify(failure);
  }

  /** Whether the client reset its HTTP/2 stream, which Jetty reports in this form. */
  static boolean isStreamReset(Throwable failure) {
    return failure instanceof EofException && failure.getCause() instanceof EOFException;
  }

  private static @Nullable ProxyError classifyOne(Throwable failure) {
    if (failure instanceof EofException) {
      return ProxyError.CONNECTION_TERMINATED;
    }
    if (failure instanceof TimeoutException) {
      return ProxyError.HTTP_RESPONSE_TIMEOUT;
    }
    if (failure instanceof RejectedExecutionException) {
      return ProxyError.CONNECTION_LIMIT_REACHED;
    }
    return failure instanceof HttpException || failure instanceof HttpResponseException
        ? ProxyError.HTTP_PROTOCOL_ERROR
        : null;
  }

  private ErrorClassifier() {}
}
