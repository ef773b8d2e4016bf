package io.github.proxytelemetry.sdk.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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

  /** RFC 3986, section 2.1; a plus stays a plus, which java.net.URLDecoder decodes. */
  private static String decode(ConfigValue list, int index, String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(given.length);
    for (int i = 0; i < given.length; i++) {
      if (given[i] == '%') {
        boolean whole = i + 2 < given.length;
        int high = whole ? Character.digit(given[i + 1], 16) : -1;
        int low = whole ? Character.digit(given[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw list.problem(
              "part " + (index + 1) + " has a % without two hexadecimal digits" + EXPECTED);
        }
        decoded.put((byte) (high << 4 | low));
        i += 2;
      } else {
        decoded.put(given[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw list.problem("part " + (index + 1) + " is not UTF-8" + EXPECTED);
    }
  }
}
