package io.github.proxytelemetry.otel.tracing;

import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of an exchange, for its spans and its line in the access log.
 *
 * @param method the method's label
 * @param status its status, or anything outside 100 to 599 if it had none
 * @param grpcStatus its {@code grpc-status}, negative where it had none
 * @param side the side that the error is attributed to
 * @param processingNanos the proxy's own time, negative where the response never started
 * @param queueNanos time until its handling started, negative where that is not known
 * @param upgraded whether the connection became a tunnel
 * @param complete whether every attempt got a response that is not an error
 */
public record ExchangeOutcome(
    String method,
    @Nullable String route,
    int status,
    byte grpcStatus,
    @Nullable Side side,
    @Nullable ProxyError error,
    long processingNanos,
    float queueNanos,
    boolean upgraded,
    boolean complete) {
  @Nullable String errorType() {
    if (error != null) {
      return error.token();
    }
    return isServerError() ? Integer.toString(status) : null;
  }

  /** Client errors are no errors of the proxy: the client left, or a 4xx blames it. */
  public boolean isError() {
    boolean clientError = status >= 400 && status < 500;
    return isServerError() || (error != null && side != Side.DOWNSTREAM && !clientError);
  }

  private boolean isServerError() {
    return status >= 500 && status < 600;
  }
}
