package io.github.proxytelemetry.console;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Writer of JSON (RFC 8259) on one line. Text from anywhere may be written. */
final class Json {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final double GRID = 1000;

  private final StringBuilder text = new StringBuilder(4096);
  private final Deque<Character> open = new ArrayDeque<>();
  private boolean needsComma;

  Json object() {
    return open('{', '}');
  }

  Json array() {
    return open('[', ']');
  }

  Json end() {
    text.append((char) open.pop());
    needsComma = true;
    return this;
  }

  Json name(String name) {
    string(name).append(':');
    needsComma = false;
    return this;
  }

  Json value(@Nullable String value) {
    if (value == null) {
      separate().append("null");
    } else {
      string(value);
    }
    needsComma = true;
    return this;
  }

  Json value(boolean value) {
    separate().append(value);
    needsComma = true;
    return this;
  }

  Json value(long value) {
    separate().append(value);
    needsComma = true;
    return this;
  }

  /** To three decimals; what is no number is null. */
  Json value(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      separate().append("null");
    } else {
      separate().append(Math.rint(value * GRID) / GRID);
    }
    needsComma = true;
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private Json open(char opening, char closing) {
    separate().append(opening);
    open.push(closing);
    needsComma = false;
    return this;
  }

  private StringBuilder separate() {
    if (needsComma) {
      text.append(',');
    }
    return text;
  }

  private StringBuilder string(String value) {
    separate().append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < FIRST_PRINTABLE
          || Character.isSurrogate(c)
          || c == '\u2028'
          || c == '\u2029') {
        // Also halves of characters, which UTF-8 does not have.
        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        text.append(c);
      }
    }
    return text.append('"');
  }
}
