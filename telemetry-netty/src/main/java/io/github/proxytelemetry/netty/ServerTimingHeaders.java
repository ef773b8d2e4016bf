package io.github.proxytelemetry.netty;

import io.github.proxytelemetry.ServerTiming;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Cache of validated {@code Server-Timing} headers. Netty validates each character of a header that
 * is added by name and value, but not those that are added from other {@link HttpHeaders}; and few
 * distinct durations occur on a grid of 0.1 ms.
 */
final class ServerTimingHeaders {
  static final AsciiString NAME = AsciiString.cached(ServerTiming.HEADER);

  /** A power of two, and larger than the cache of {@link ServerTiming}. */
  private static final int SLOTS = 128;

  /** Entries are immutable, so races on a slot only cost a cache miss. */
  private static final @Nullable Entry[] CACHE = new @Nullable Entry[SLOTS];

  private record Entry(String value, HttpHeaders headers) {}

  private ServerTimingHeaders() {}

  /** Headers that contain only the given value; they must not be changed. */
  static HttpHeaders of(String value) {
    int slot = value.hashCode() & (SLOTS - 1);
    Entry entry = CACHE[slot];
    if (entry != null && entry.value.equals(value)) {
      return entry.headers;
    }
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders().add(NAME, value);
    CACHE[slot] = new Entry(value, headers);
    return headers;
  }
}
