package io.github.proxytelemetry.netty;

import io.netty.util.AsciiString;

/**
 * Names of the headers that are read or written for most requests. Netty hashes, checks and encodes
 * a {@code String} anew each time, but not these.
 */
final class HeaderNames {
  private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");
  private static final AsciiString TRACESTATE = AsciiString.cached("tracestate");
  private static final AsciiString BAGGAGE = AsciiString.cached("baggage");

  private HeaderNames() {}

  /** The same name. */
  static CharSequence of(String name) {
    return switch (name) {
      case "traceparent" -> TRACEPARENT;
      case "tracestate" -> TRACESTATE;
      case "baggage" -> BAGGAGE;
      default -> name;
    };
  }
}
