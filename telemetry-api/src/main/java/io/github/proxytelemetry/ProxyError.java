package io.github.proxytelemetry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * What can go wrong with an exchange: the error types of RFC 9209, section 2.3, and {@link
 * #CLIENT_ABORT}, for which it has none. Closed, so that it may be a label.
 */
public enum ProxyError {
  /** The name service did not answer in time. */
  DNS_TIMEOUT,
  /** The name could not be resolved. */
  DNS_ERROR,
  /** The proxy does not know where to send the request. */
  DESTINATION_NOT_FOUND,
  /** The proxy holds the destination to be out of service. */
  DESTINATION_UNAVAILABLE,
  /** The proxy may not connect to that address. */
  DESTINATION_IP_PROHIBITED,
  /** There is no route to the destination's address. */
  DESTINATION_IP_UNROUTABLE,
  /** The destination refused the connection. */
  CONNECTION_REFUSED,
  /** The connection was closed before the response was complete. */
  CONNECTION_TERMINATED,
  /** The connection could not be opened in time. */
  CONNECTION_TIMEOUT,
  /** Nothing arrived on the connection in time. */
  CONNECTION_READ_TIMEOUT,
  /** Nothing could be written to the connection in time. */
  CONNECTION_WRITE_TIMEOUT,
  /** The proxy has as many connections as it may have. */
  CONNECTION_LIMIT_REACHED,
  /** The TLS handshake or a TLS record was wrong. */
  TLS_PROTOCOL_ERROR,
  /** The other side's certificate was not accepted. */
  TLS_CERTIFICATE_ERROR,
  /** The other side ended TLS with an alert. */
  TLS_ALERT_RECEIVED,
  /** The client's request was malformed. */
  HTTP_REQUEST_ERROR,
  /** The proxy's policy forbids the request. */
  HTTP_REQUEST_DENIED,
  /** The response ended before it was complete. */
  HTTP_RESPONSE_INCOMPLETE,
  /** The response's headers are too large in sum. */
  HTTP_RESPONSE_HEADER_SECTION_SIZE,
  /** One of the response's headers is too large. */
  HTTP_RESPONSE_HEADER_SIZE,
  /** The response's body is too large. */
  HTTP_RESPONSE_BODY_SIZE,
  /** The response's trailers are too large in sum. */
  HTTP_RESPONSE_TRAILER_SECTION_SIZE,
  /** One of the response's trailers is too large. */
  HTTP_RESPONSE_TRAILER_SIZE,
  /** The response's transfer coding could not be decoded. */
  HTTP_RESPONSE_TRANSFER_CODING,
  /** The response's content coding could not be decoded. */
  HTTP_RESPONSE_CONTENT_CODING,
  /** The response was not complete in time. */
  HTTP_RESPONSE_TIMEOUT,
  /** The upgrade to another protocol failed. */
  HTTP_UPGRADE_FAILED,
  /** The response broke the rules of HTTP. */
  HTTP_PROTOCOL_ERROR,
  /** The proxy answered by itself although nothing was wrong. */
  PROXY_INTERNAL_RESPONSE,
  /** The proxy, or a handler in it, failed. */
  PROXY_INTERNAL_ERROR,
  /** The proxy's configuration is wrong. */
  PROXY_CONFIGURATION_ERROR,
  /** The request came back to the proxy. */
  PROXY_LOOP_DETECTED,
  /** The client left before it had its response; no token of RFC 9209. */
  CLIENT_ABORT;

  // A cause chain is the host's data and may be a ring.
  private static final int MAX_CAUSES = 8;

  private final String token = name().toLowerCase(Locale.ROOT);

  /**
   * The error type as it stands in a {@code Proxy-Status} header and in labels.
   *
   * @return a token, such as {@code dns_error}
   */
  public String token() {
    return token;
  }

  /**
   * Tells what an exception of the JDK, met while talking to an upstream, means. Adapters ask it
   * after they have looked at the exceptions of their own framework.
   *
   * @param failure what was thrown, or {@code null}
   * @return the error; {@link #PROXY_INTERNAL_ERROR} for what is not known
   */
  public static ProxyError of(@Nullable Throwable failure) {
    Throwable cause = failure;
    ProxyError general = PROXY_INTERNAL_ERROR;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      ProxyError error = ofOne(cause);
      // A deeper cause is the more precise one, but a closed socket says less than what closed it.
      if (error != PROXY_INTERNAL_ERROR
          && (general == PROXY_INTERNAL_ERROR
              || error == TLS_CERTIFICATE_ERROR
              || general == CONNECTION_TERMINATED
              || (general == CONNECTION_REFUSED && error != CONNECTION_TERMINATED))) {
        general = error;
      }
      cause = cause.getCause();
    }
    return general;
  }

  /**
   * Tells what an exception met while talking to an upstream means, where a framework has
   * exceptions of its own.
   *
   * @param failure what was thrown, or {@code null}
   * @param framework knows the framework's own exceptions, each by itself: it is asked for the
   *     failure and then for its causes, and returns {@code null} for what it does not know
   * @return the error: the framework's first, otherwise as {@link #of(Throwable)}
   */
  public static ProxyError of(
      @Nullable Throwable failure, Function<Throwable, @Nullable ProxyError> framework) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      ProxyError error = framework.apply(cause);
      if (error != null) {
        return error;
      }
      cause = cause.getCause();
    }
    return of(failure);
  }

  private static ProxyError ofOne(Throwable failure) {
    if (failure instanceof UnknownHostException || failure instanceof UnresolvedAddressException) {
      return DNS_ERROR;
    }
    if (failure instanceof NoRouteToHostException) {
      return DESTINATION_IP_UNROUTABLE;
    }
    if (failure instanceof ConnectException || failure instanceof PortUnreachableException) {
      return CONNECTION_REFUSED;
    }
    if (failure instanceof SocketTimeoutException || failure instanceof TimeoutException) {
      return CONNECTION_READ_TIMEOUT;
    }
    if (failure instanceof CertificateException || failure instanceof SSLPeerUnverifiedException) {
      return TLS_CERTIFICATE_ERROR;
    }
    if (failure instanceof SSLException) {
      return TLS_PROTOCOL_ERROR;
    }
    if (failure instanceof ProtocolException || failure instanceof HttpRetryException) {
      return HTTP_PROTOCOL_ERROR;
    }
    if (failure instanceof EOFException) {
      return HTTP_RESPONSE_INCOMPLETE;
    }
    return failure instanceof IOException ? CONNECTION_TERMINATED : PROXY_INTERNAL_ERROR;
  }
}
