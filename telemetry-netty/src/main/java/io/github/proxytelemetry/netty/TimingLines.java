package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ServerTiming;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code Server-Timing} that Netty has checked already. It reads a name and a value letter
 * by letter when they are added, but not when they come with the headers of another message; and of
 * durations on a grid of 0.1 ms only a few are usual.
 */
final class TimingLines {
  static final AsciiString NAME = AsciiString.cached(ServerTiming.HEADER);

  /** A power of two, and more than {@link ServerTiming} keeps ready. */
  private static final int SLOTS = 128;

  /**
   * Lines never change, so it does not matter who puts one into its slot, or sees it there late.
   */
  private static final @Nullable Line[] RECENT = new @Nullable Line[SLOTS];

  private record Line(String value, HttpHeaders headers) {}

  private TimingLines() {}

  /** Headers of which the line is the only one; nobody changes them. */
  static HttpHeaders of(String value) {
    int slot = value.hashCode() & (SLOTS - 1);
    Line line = RECENT[slot];
    if (line != null && line.value.equals(value)) {
      return line.headers;
    }
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders().add(NAME, value);
    RECENT[slot] = new Line(value, headers);
    return headers;
  }
}
