package io.github.proxytelemetry.otel.tracing;

/** Bound of texts from the network. */
final class Text {
  /** Bounds what one hostile request can put into the span queue. */
  static final int MAX_LENGTH = 256;

  private Text() {}

  /** Cuts it to {@link #MAX_LENGTH}, but never within a character. */
  static String cut(String text) {
    return cut(text, MAX_LENGTH);
  }

  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
