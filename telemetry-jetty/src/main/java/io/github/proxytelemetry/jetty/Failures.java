package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.ProxyError;
import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/** What Jetty's exceptions mean. */
final class Failures {
  static ProxyError classify(@Nullable Throwable failure) {
    return ProxyError.of(failure, Failures::ofOne);
  }

  /** What went wrong before there was a connection. */
  static ProxyError ofConnect(@Nullable Throwable failure) {
    if (failure instanceof SocketTimeoutException || failure instanceof TimeoutException) {
      return ProxyError.CONNECTION_TIMEOUT;
    }
    return classify(failure);
  }

  private static @Nullable ProxyError ofOne(Throwable failure) {
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

  private Failures() {}
}
