package io.github.proxytelemetry.otel.tracing;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header {@code tracestate} (W3C Trace Context, section 3.3). OpenTelemetry's parser drops a whole
 * list for an empty member or a repeated key, both of which have to be accepted.
 */
final class TraceStates {
  private static final int MAX_MEMBERS = 32;
  private static final int MAX_KEY = 256;
  private static final int MAX_TENANT = 241;
  private static final int MAX_SYSTEM = 14;
  private static final int MAX_VALUE = 256;

  private TraceStates() {}

  /**
   * The list of all lines, without empty members and repetitions of a key, of which the first
   * counts; {@code null} if it is empty or malformed. A list that has none is returned as it is.
   */
  static @Nullable String cleaned(List<String> lines) {
    if (lines.isEmpty()) {
      return null;
    }
    String list = lines.size() == 1 ? lines.get(0) : String.join(",", lines);
    List<String> members = new ArrayList<>(4);
    boolean changed = false;
    int from = 0;
    while (from <= list.length()) {
      int comma = list.indexOf(',', from);
      int to = comma < 0 ? list.length() : comma;
      String member = trimmed(list, from, to);
      if (member.isEmpty() || isRepeated(members, member)) {
        changed = true;
      } else if (members.size() == MAX_MEMBERS || !isValid(member)) {
        return null;
      } else {
        members.add(member);
      }
      from = to + 1;
    }
    if (members.isEmpty()) {
      return null;
    }
    return changed ? String.join(",", members) : list;
  }

  /** Reads a list that was {@linkplain #cleaned cleaned}. */
  static TraceState parse(String list) {
    TraceStateBuilder state = TraceState.builder();
    String[] members = list.split(",", -1);
    // The builder puts each in front of the others.
    for (int i = members.length - 1; i >= 0; i--) {
      String member = trimmed(members[i], 0, members[i].length());
      int equals = member.indexOf('=');
      state.put(member.substring(0, equals), member.substring(equals + 1));
    }
    return state.build();
  }

  private static String trimmed(String list, int from, int to) {
    int begin = from;
    int end = to;
    while (begin < end && isSpace(list.charAt(begin))) {
      begin++;
    }
    while (end > begin && isSpace(list.charAt(end - 1))) {
      end--;
    }
    return list.substring(begin, end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isRepeated(List<String> members, String member) {
    int key = member.indexOf('=') + 1;
    for (String earlier : members) {
      if (key > 0 && earlier.startsWith("=", key - 1) && earlier.regionMatches(0, member, 0, key)) {
        return isValid(member);
      }
    }
    return false;
  }

  private static boolean isValid(String member) {
    int equals = member.indexOf('=');
    return equals > 0 && isKey(member.substring(0, equals)) && isValue(member, equals + 1);
  }

  /** A name, or a tenant and a system with {@code @} between them. */
  private static boolean isKey(String key) {
    if (key.length() > MAX_KEY || !isLetterOrDigit(key.charAt(0))) {
      return false;
    }
    int at = key.indexOf('@');
    if (at >= 0) {
      int system = key.length() - at - 1;
      if (at > MAX_TENANT
          || system == 0
          || system > MAX_SYSTEM
          || key.charAt(at + 1) < 'a'
          || key.charAt(at + 1) > 'z') {
        return false;
      }
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!isLetterOrDigit(c) && i != at && c != '_' && c != '-' && c != '*' && c != '/') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** Printable ASCII without comma and equals sign. */
  private static boolean isValue(String member, int from) {
    if (member.length() == from || member.length() - from > MAX_VALUE) {
      return false;
    }
    for (int i = from; i < member.length(); i++) {
      char c = member.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }
}
