package io.github.proxytelemetry.sdk.export;

import java.util.Objects;

/** Syntax of header fields, RFC 9110, sections 5.1 and 5.5. Messages show no value. */
final class HeaderSyntax {
  private HeaderSyntax() {}

  static void checkName(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || !name.chars().allMatch(HeaderSyntax::isTokenChar)) {
      throw new IllegalArgumentException(
          "otlp header name: invalid value ***; expected letters, digits and !#$%&'*+-.^_`|~");
    }
  }

  static void checkValue(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
      throw new IllegalArgumentException(
          "otlp header " + name + ": invalid value ***; expected visible ASCII, spaces and tabs");
    }
  }

  private static boolean isTokenChar(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
