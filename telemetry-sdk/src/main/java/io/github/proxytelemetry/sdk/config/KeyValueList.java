package io.github.proxytelemetry.sdk.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parser of {@code name=value,name=value} with percent-encoding: the form of {@code
 * OTEL_RESOURCE_ATTRIBUTES} and {@code OTEL_EXPORTER_OTLP_HEADERS}. Messages show no value.
 */
final class KeyValueList {
  private static final String EXPECTED =
      "; expected name=value pairs separated by commas, percent-encoded where needed";

  /** Result of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private KeyValueList() {}

  static Map<String, String> read(ConfigValue list) {
    Map<String, String> pairs = new LinkedHashMap<>();
    String[] parts = list.text().split(",", -1);
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw list.problem("part " + (i + 1) + " is not name=value" + EXPECTED);
      }
      pairs.put(
          decode(list, i, part.substring(0, equals).strip()),
          decode(list, i, part.substring(equals + 1).strip()));
    }
    return pairs;
  }

  private static String decode(ConfigValue list, int index, String text) {
    String part = "part " + (index + 1);
    try {
      // A plus stays a plus, as RFC 3986, section 2.1, has it.
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf(REPLACEMENT) < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      throw list.problem(part + " has a % without two hexadecimal digits" + EXPECTED);
    }
    throw list.problem(part + " is not UTF-8" + EXPECTED);
  }
}
