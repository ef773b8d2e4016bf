package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Texts that tell why an export failed. Nothing that came from the network is in them, and so no
 * message of an exception.
 */
final class Causes {
  static final String TIMED_OUT = "no answer within the time-out";

  private static final String[] GRPC = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"
  };

  private Causes() {}

  static String ofHttp(int status) {
    return "HTTP "
        + status
        + hint(status, ", check the path and whether the port is that of OTLP over HTTP");
  }

  static String ofGrpc(int status) {
    return "gRPC "
        + (status >= 0 && status < GRPC.length
            ? status + " " + GRPC[status]
            : "with no valid status")
        + switch (status) {
          case 7, 16 -> ", check the credentials";
          case 12 -> ", the receiver does not take this signal";
          default -> "";
        };
  }

  /** Answer over HTTP where gRPC was spoken. */
  static String ofHttpInGrpc(int status) {
    return "HTTP "
        + status
        + " in place of an answer of gRPC"
        + hint(status, ", check the port and the protocol");
  }

  private static String hint(int status, String elsewhere) {
    return switch (status) {
      case 200, 404, 405 -> elsewhere;
      case 401, 403 -> ", check the credentials";
      case 413 -> ", the receiver's limit is lower than maxRequestSize";
      default -> status / 100 == 3 ? ", redirects are not followed" : "";
    };
  }

  static String of(Throwable thrown, boolean grpc) {
    return thrown.getClass().getSimpleName() + hint(thrown, grpc);
  }

  private static String hint(Throwable thrown, boolean grpc) {
    if (thrown instanceof UnknownHostException) {
      return ", the name is not known";
    }
    if (thrown instanceof ConnectException || thrown instanceof NoRouteToHostException) {
      return ", nothing takes the connection";
    }
    if (thrown instanceof SSLException) {
      return ofTls(thrown);
    }
    if (thrown instanceof InterruptedIOException) {
      return ", " + TIMED_OUT;
    }
    if (thrown instanceof LinkageError) {
      return ", a library is missing or of another version";
    }
    if (thrown instanceof ProtocolException) {
      return grpc
          ? ", the answer is not HTTP/2, check whether the port is that of gRPC"
          : ", the answer is not HTTP/1.1, check whether the port is that of OTLP over HTTP";
    }
    if (thrown instanceof IOException) {
      return ", the connection broke off; check whether the port is that of "
          + (grpc ? "gRPC" : "OTLP over HTTP");
    }
    return "";
  }

  /** What is wrong with the receiver's certificate, if that is what ended the handshake. */
  private static String ofTls(Throwable thrown) {
    if (thrown instanceof SSLPeerUnverifiedException) {
      return ", the certificate is for another host";
    }
    boolean untrusted = false;
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return ", the certificate has expired, or is not valid yet";
      }
      untrusted |= cause instanceof CertificateException;
    }
    return untrusted
        ? ", the certificate is not of a trusted authority"
        : ", check the client certificate and whether the port speaks TLS";
  }
}
