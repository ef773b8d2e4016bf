package io.github.proxytelemetry.sdk;

import java.util.Objects;

/** The syntax of header fields, RFC 9110, sections 5.1 and 5.5. Messages never show a value. */
final class HeaderSyntax {
  private HeaderSyntax() {}

  static void checkName(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || !name.chars().allMatch(HeaderSyntax::isTokenChar)) {
      throw new IllegalArgumentException(
          "otlp header name: was not a token, allowed are letters, digits and !#$%&'*+-.^_`|~");
    }
  }

  static void checkValue(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
      throw new IllegalArgumentException(
          "otlp header "
              + name
              + ": the value has a character that is not allowed, allowed are visible ASCII, spaces"
              + " and tabs");
    }
  }

  private static boolean isTokenChar(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
