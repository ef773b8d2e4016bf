package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ExchangeObservation;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Who ends a client's connection. A host closes it also because the client has gone, so what was
 * seen first counts.
 */
final class Departure {
  private boolean inputClosed;
  private boolean closedByHost;
  private @Nullable Throwable clientFailure;

  /** The client sends no more. */
  void inputClosed() {
    inputClosed = true;
  }

  /** An exception passes on its way to the host: a reset is seen before the host closes for it. */
  void caught(Throwable cause) {
    if (cause instanceof IOException && clientFailure == null && !closedByHost) {
      clientFailure = cause;
    }
  }

  /** The host closes the connection; tells whether it is the first to leave. */
  boolean closing() {
    if (clientFailure != null || inputClosed || closedByHost) {
      return false;
    }
    closedByHost = true;
    return true;
  }

  boolean isClosedByHost() {
    return closedByHost;
  }

  @Nullable Throwable clientFailure() {
    return clientFailure;
  }

  /** Ends an exchange whose response will never be complete. */
  void interrupted(ExchangeObservation exchange, @Nullable Throwable cause) {
    if (closedByHost) {
      exchange.fail(Side.PROXY, ProxyError.CONNECTION_TERMINATED, cause);
    } else {
      exchange.fail(Side.DOWNSTREAM, ProxyError.CLIENT_ABORT, cause);
    }
  }
}
