package io.github.proxytelemetry.otel;

/**
 * Makes a {@code url.path} of a request target: without its query, and no longer than is useful.
 */
final class UrlPath {
  /** Bounds what one hostile request can put into the span queue. */
  static final int MAX_LENGTH = 256;

  private UrlPath() {}

  static String of(String target) {
    int end = Math.min(target.length(), MAX_LENGTH);
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return target.substring(0, i);
      }
    }
    if (end < target.length() && Character.isHighSurrogate(target.charAt(end - 1))) {
      end--;
    }
    return target.substring(0, end);
  }
}
