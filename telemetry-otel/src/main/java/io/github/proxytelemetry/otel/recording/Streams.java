package io.github.proxytelemetry.otel.recording;

import io.github.proxytelemetry.HeaderAccess;
import org.jspecify.annotations.Nullable;

/** Recognition of streaming responses, and of a message's length, by their headers. */
final class Streams {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String EVENTS = "text/event-stream";
  private static final String GRPC = "application/grpc";

  private Streams() {}

  static <C> boolean isStream(C headers, HeaderAccess<C> access) {
    String type = access.get(headers, CONTENT_TYPE);
    return type != null && (is(type, EVENTS) || is(type, GRPC));
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

  /** Whether a type is this one, with parameters or a {@code +suffix} as gRPC has them. */
  private static boolean is(String type, String name) {
    if (!type.regionMatches(true, 0, name, 0, name.length())) {
      return false;
    }
    if (type.length() == name.length()) {
      return true;
    }
    char next = type.charAt(name.length());
    return next == ';' || next == '+' || next == ' ' || next == '\t';
  }
}
