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
 * Error type of an exchange, attempt or connection: the proxy error types of RFC 9209, section 2.3,
 * three that Cloudflare's Privacy Proxy has besides ({@code proxyStatus} of its analytics), {@link
 * #CLIENT_ABORT} and {@link #GRPC_ERROR}. A closed set, and so fit for a metric label.
 */
public enum ProxyError {
  /** A DNS query timed out. */
  DNS_TIMEOUT,
  /** The host name could not be resolved. */
  DNS_ERROR,
  /** The proxy has no destination for the request. */
  DESTINATION_NOT_FOUND,
  /** The proxy considers the destination to be unavailable. */
  DESTINATION_UNAVAILABLE,
  /** The proxy is not permitted to connect to the destination's address. */
  DESTINATION_IP_PROHIBITED,
  /** There is no network route to the destination's address. */
  DESTINATION_IP_UNROUTABLE,
  /** The destination refused the connection. */
  CONNECTION_REFUSED,
  /** The connection was closed before the response was complete. */
  CONNECTION_TERMINATED,
  /** Establishing the connection timed out. */
  CONNECTION_TIMEOUT,
  /** Reading from the connection timed out. */
  CONNECTION_READ_TIMEOUT,
  /** Writing to the connection timed out. */
  CONNECTION_WRITE_TIMEOUT,
  /** The proxy's limit of connections is reached. */
  CONNECTION_LIMIT_REACHED,
  /** The TLS handshake failed, or a TLS record was invalid. */
  TLS_PROTOCOL_ERROR,
  /** The peer's certificate was not accepted. */
  TLS_CERTIFICATE_ERROR,
  /** The peer sent a TLS alert. */
  TLS_ALERT_RECEIVED,
  /** The client's request was malformed. */
  HTTP_REQUEST_ERROR,
  /** The proxy's policy denied the request. */
  HTTP_REQUEST_DENIED,
  /** The response ended before it was complete. */
  HTTP_RESPONSE_INCOMPLETE,
  /** The response's header section is too large. */
  HTTP_RESPONSE_HEADER_SECTION_SIZE,
  /** A header of the response is too large. */
  HTTP_RESPONSE_HEADER_SIZE,
  /** The response's body is too large. */
  HTTP_RESPONSE_BODY_SIZE,
  /** The response's trailer section is too large. */
  HTTP_RESPONSE_TRAILER_SECTION_SIZE,
  /** A trailer of the response is too large. */
  HTTP_RESPONSE_TRAILER_SIZE,
  /** The response's transfer coding could not be decoded. */
  HTTP_RESPONSE_TRANSFER_CODING,
  /** The response's content coding could not be decoded. */
  HTTP_RESPONSE_CONTENT_CODING,
  /** The response timed out. */
  HTTP_RESPONSE_TIMEOUT,
  /** The upgrade to another protocol failed. */
  HTTP_UPGRADE_FAILED,
  /** The response violated HTTP. */
  HTTP_PROTOCOL_ERROR,
  /** The proxy generated the response itself, without an error. */
  PROXY_INTERNAL_RESPONSE,
  /** The proxy or one of its handlers failed. */
  PROXY_INTERNAL_ERROR,
  /** The proxy's configuration is invalid. */
  PROXY_CONFIGURATION_ERROR,
  /** The request has passed through this proxy before. */
  PROXY_LOOP_DETECTED,
  /** The local address of a connection is in use. Of Cloudflare's Privacy Proxy. */
  SOURCE_ADDR_IN_USE,
  /** The local address of a connection is none of this machine. Of Cloudflare's Privacy Proxy. */
  SOURCE_ADDR_NOT_AVAILABLE,
  /** The client has sent too many requests. Of Cloudflare's Privacy Proxy. */
  RATE_LIMITED,
  /** The client disconnected before the response was complete. Not a token of RFC 9209. */
  CLIENT_ABORT,
  /** The {@code grpc-status} of a complete response is an error. Not a token of RFC 9209. */
  GRPC_ERROR;

  // A cause chain can contain a cycle.
  private static final int MAX_CAUSES = 8;

  private final String token = name().toLowerCase(Locale.ROOT);

  /**
   * Returns the error type as in a {@code Proxy-Status} header; used as the label's value.
   *
   * @return a token, such as {@code dns_error}
   */
  public String token() {
    return token;
  }

  /**
   * Maps an exception of the JDK, thrown while communicating with an upstream, to an error type.
   *
   * @param failure the exception, or {@code null}
   * @return the error type; {@link #PROXY_INTERNAL_ERROR} for an unknown exception
   */
  public static ProxyError of(@Nullable Throwable failure) {
    Throwable cause = failure;
    ProxyError general = PROXY_INTERNAL_ERROR;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      ProxyError error = ofOne(cause);
      // A deeper cause is usually more precise, except for a closed socket, which is often only a
      // consequence.
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
   * Maps an exception, thrown while communicating with an upstream, to an error type, in a host
   * whose framework has exception types of its own.
   *
   * @param failure the exception, or {@code null}
   * @param framework mapping of the framework's exception types; called for the failure and each of
   *     its causes in turn, and returns {@code null} for an unknown one
   * @return the first error type from that mapping, otherwise that of {@link #of(Throwable)}
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
