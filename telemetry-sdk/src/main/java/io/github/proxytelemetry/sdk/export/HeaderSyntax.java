package io.github.proxytelemetry.sdk.export;

import java.util.Objects;
import java.util.regex.Pattern;

/** Syntax of header fields, RFC 9110, sections 5.1 and 5.5. Messages show no value. */
final class HeaderSyntax {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t -~]*");

  private HeaderSyntax() {}

  static void checkName(String name) {
    Objects.requireNonNull(name, "name");
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "otlp header name: invalid value ***; expected letters, digits and !#$%&'*+-.^_`|~");
    }
  }

  static void checkValue(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "otlp header " + name + ": invalid value ***; expected visible ASCII, spaces and tabs");
    }
  }
}
