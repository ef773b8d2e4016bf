package io.github.proxytelemetry;

import io.github.proxytelemetry.ServerTiming.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parser of the {@code Server-Timing} header: the algorithm "parse a server-timing header field" of
 * W3C Server Timing, applied to each part that "get, decode, and split" of the Fetch standard
 * yields.
 */
final class ServerTimingParser {
  // HTML's "rules for parsing floating-point number values": text after the number is ignored.
  private static final Pattern NUMBER =
      Pattern.compile(
          "[ \\t\\n\\f\\r]*([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?).*",
          Pattern.DOTALL);

  private final String input;
  private int position;

  ServerTimingParser(String input) {
    this.input = input;
  }

  List<Metric> parse() {
    List<Metric> metrics = new ArrayList<>();
    for (String field : split(input)) {
      new ServerTimingParser(field).parseField(metrics);
    }
    return List.copyOf(metrics);
  }

  private void parseField(List<Metric> metrics) {
    String name = strip(collectUntil(';'));
    if (name.isEmpty()) {
      return;
    }
    Map<String, String> params = new LinkedHashMap<>();
    while (position < input.length()) {
      position++;
      String key = strip(collectUntil('='));
      if (!key.isEmpty() && !params.containsKey(key)) {
        position++;
        params.put(key, paramValue());
      }
    }
    metrics.add(
        new Metric(
            name, duration(params.getOrDefault("dur", "")), params.getOrDefault("desc", "")));
  }

  private String paramValue() {
    while (position < input.length() && isWhitespace(input.charAt(position))) {
      position++;
    }
    if (position < input.length() && input.charAt(position) == '"') {
      String value = quotedString();
      collectUntil(';');
      return value;
    }
    return strip(collectUntil(';'));
  }

  /** "Collect an HTTP quoted string" of Fetch, with the extract-value flag set. */
  private String quotedString() {
    StringBuilder value = new StringBuilder();
    position++;
    while (position < input.length()) {
      char c = input.charAt(position++);
      if (c == '"') {
        break;
      }
      if (c == '\\' && position < input.length()) {
        c = input.charAt(position++);
      }
      value.append(c);
    }
    return value.toString();
  }

  private String collectUntil(char end) {
    int start = Math.min(position, input.length());
    int found = input.indexOf(end, start);
    position = found < 0 ? input.length() : found;
    return input.substring(start, position);
  }

  private static double duration(String value) {
    Matcher number = NUMBER.matcher(value);
    if (!number.matches()) {
      return 0;
    }
    double parsed = Double.parseDouble(number.group(1));
    return Double.isInfinite(parsed) ? 0 : parsed;
  }

  private static List<String> split(String value) {
    List<String> fields = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        fields.add(value.substring(start, i));
        start = i + 1;
      }
    }
    fields.add(value.substring(start));
    return fields;
  }

  private static String strip(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && isWhitespace(value.charAt(start))) {
      start++;
    }
    while (end > start && isWhitespace(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isWhitespace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
