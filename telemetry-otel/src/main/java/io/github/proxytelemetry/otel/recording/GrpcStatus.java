package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.ProxyError;
import io.github.proxytelemetry.Side;
import org.jspecify.annotations.Nullable;

/**
 * Status of a gRPC response as one byte: none yet, or its code, from 0 to 16. Everything else that
 * an upstream sends as a status is none.
 */
final class GrpcStatus {
  /** Of a response that is not gRPC. */
  static final byte NOT_GRPC = 0;

  /** Of a code, where there is none. */
  static final int NO_CODE = -1;

  private static final String HEADER = "grpc-status";
  private static final byte NO_STATUS = 1;
  private static final int FIRST = 2;
  private static final int MAX_CODE = 16;

  /**
   * The conventions: on a server these are errors (UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED,
   * INTERNAL, UNAVAILABLE, DATA_LOSS), and the others are mistakes of the client.
   */
  private static final int SERVER_ERRORS = 1 << 2 | 1 << 4 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15;

  private GrpcStatus() {}

  /** Reads a response head, which has the status where there are no trailers. */
  static <C> byte ofHead(C headers, HeaderAccess<C> access) {
    return Streams.isGrpc(headers, access) ? ofTrailers(NO_STATUS, headers, access) : NOT_GRPC;
  }

  /** Reads the trailers of a response with this status so far. */
  static <C> byte ofTrailers(byte status, C trailers, HeaderAccess<C> access) {
    if (status == NOT_GRPC) {
      return NOT_GRPC;
    }
    int code = parse(access.get(trailers, HEADER));
    return code == NO_CODE ? status : (byte) (FIRST + code);
  }

  static int code(byte status) {
    return status < FIRST ? NO_CODE : status - FIRST;
  }

  /** The conventions: on a client, every code but OK is an error. */
  static boolean isError(byte status) {
    return code(status) > 0;
  }

  /** The fault of this side that a status is, or {@link Fault#NONE}. */
  static int fault(byte status, Side side) {
    return isError(status) && (SERVER_ERRORS >> code(status) & 1) != 0
        ? Fault.of(side, ProxyError.GRPC_ERROR)
        : Fault.NONE;
  }

  private static int parse(@Nullable String value) {
    if (value == null || value.isEmpty() || value.length() > 2) {
      return NO_CODE;
    }
    int code = 0;
    for (int i = 0; i < value.length(); i++) {
      int digit = value.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NO_CODE;
      }
      code = code * 10 + digit;
    }
    return code > MAX_CODE ? NO_CODE : code;
  }
}
