package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.HeaderAccess;
import org.jspecify.annotations.Nullable;

/** Recognition of streams of events, of gRPC, and of a message's length, by their headers. */
final class Streams {
  private static final String CONTENT_TYPE = "content-type";
  private static final String EVENTS = "text/event-stream";
  private static final String GRPC = "application/grpc";

  private Streams() {}

  static <C> boolean isEvents(C headers, HeaderAccess<C> access) {
    return is(headers, access, EVENTS);
  }

  /** Not {@code application/grpc-web}, which has its status in the content. */
  static <C> boolean isGrpc(C headers, HeaderAccess<C> access) {
    return is(headers, access, GRPC);
  }

  /**
   * Reads a {@code Content-Length}.
   *
   * @return the length, or -1 where there is none that makes sense
   */
  static long length(@Nullable String contentLength) {
    if (contentLength == null || contentLength.isEmpty() || contentLength.length() > 18) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < contentLength.length(); i++) {
      int digit = contentLength.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      length = length * 10 + digit;
    }
    return length;
  }

  /**
   * Whether the content type is this one, with parameters or a {@code +suffix} as gRPC has them.
   * Most are not, and for those no string is made.
   */
  private static <C> boolean is(C headers, HeaderAccess<C> access, String name) {
    String type =
        access.startsWith(headers, CONTENT_TYPE, name) ? access.get(headers, CONTENT_TYPE) : null;
    if (type == null) {
      return false;
    }
    if (type.length() == name.length()) {
      return true;
    }
    char next = type.charAt(name.length());
    return next == ';' || next == '+' || next == ' ' || next == '\t';
  }
}
