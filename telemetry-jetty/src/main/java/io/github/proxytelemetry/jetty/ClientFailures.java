package io.github.proxytelemetry.jetty;

import java.io.EOFException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;

/** What a failure to read from a client, or to write to it, says about the client. */
final class ClientFailures {
  /**
   * @param clientEnded whether the client sent no more; Jetty also cuts off what it cannot
   *     understand, with the same exception
   */
  static void read(ServerExchange exchange, Throwable failure, boolean clientEnded) {
    if (failure instanceof EofException ? !clientEnded : failure instanceof HttpException) {
      exchange.blame().clientMalformed(failure);
    } else if (failure instanceof EofException) {
      exchange.blame().clientLeft(failure);
    }
  }

  /**
   * @param broken whether the way to the client has failed; a host also fails what it writes
   *     because of something else
   */
  static void write(ServerExchange exchange, Throwable failure, boolean broken) {
    if (failure instanceof TimeoutException) {
      exchange.blame().clientSlow(failure);
    } else if (broken || isReset(failure)) {
      exchange.blame().clientLeft(failure);
    }
  }

  /** Whether a client reset its stream of HTTP/2, in the form in which Jetty says so. */
  static boolean isReset(Throwable failure) {
    return failure instanceof EofException && failure.getCause() instanceof EOFException;
  }

  private ClientFailures() {}
}
