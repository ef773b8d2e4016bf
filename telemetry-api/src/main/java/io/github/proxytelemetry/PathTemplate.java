package io.github.proxytelemetry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Template of request paths, such as {@code /foo/{bar}}.
 *
 * <ul>
 *   <li>A literal segment matches itself, case-sensitively (RFC 3986, section 6.2.2.1).
 *   <li>{@code {name}} is a whole segment, and matches exactly one non-empty segment.
 *   <li>A template that ends in a slash matches the whole subtree: {@code /debug/} matches {@code
 *       /debug/} and {@code /debug/x/y}, but not {@code /debug}. So {@code /} matches every path.
 * </ul>
 *
 * <p>Query and fragment of the path are ignored. The path is compared as received, without
 * percent-decoding or removal of dot segments: servers differ in their treatment of {@code %2F} and
 * {@code ..}, and decoding would allocate memory in proportion to the client's input. Use it for
 * telemetry, not for access control.
 *
 * <p>Immutable and thread-safe.
 */
public final class PathTemplate {
  private final String template;
  // A null element is a {name}, which matches any segment.
  private final @Nullable String[] segments;
  private final boolean subtree;

  private PathTemplate(String template) {
    this.template = template;
    this.subtree = template.endsWith("/");
    // Without the leading slash and the trailing one that marks a subtree.
    int end = template.length() - (subtree ? 1 : 0);
    this.segments = end == 0 ? new String[0] : template.substring(1, end).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      segments[i] = literal(Objects.requireNonNull(segments[i]));
    }
  }

  /**
   * Parses a template.
   *
   * @param template a slash, then segments of printable ASCII, each a literal or {@code {name}}
   * @return the template
   * @throws IllegalArgumentException if it does not have that form
   */
  public static PathTemplate of(String template) {
    Objects.requireNonNull(template, "template");
    if (!template.startsWith("/") || !template.chars().allMatch(PathTemplate::isAllowed)) {
      throw refused(template);
    }
    return new PathTemplate(template);
  }

  /**
   * Whether a path matches. Takes linear time, allocates nothing and never throws.
   *
   * @param path the path of a request target, with or without a query
   * @return {@code false} also for {@code null}, and for a target that is not a path
   */
  public boolean matches(@Nullable String path) {
    if (path == null) {
      return false;
    }
    int at = 0;
    for (String segment : segments) {
      if (!isSlash(path, at)) {
        return false;
      }
      int start = at + 1;
      at = segment == null ? segmentEnd(path, start) : literalEnd(path, start, segment);
      if (at < 0) {
        return false;
      }
    }
    return subtree ? isSlash(path, at) : isEnd(path, at);
  }

  /** Returns the template as it was passed to {@link #of}. */
  @Override
  public String toString() {
    return template;
  }

  private static int segmentEnd(String path, int start) {
    int at = start;
    while (!isEnd(path, at) && path.charAt(at) != '/') {
      at++;
    }
    return at == start ? -1 : at;
  }

  private static int literalEnd(String path, int start, String literal) {
    return path.startsWith(literal, start) ? start + literal.length() : -1;
  }

  private static boolean isSlash(String path, int at) {
    return at < path.length() && path.charAt(at) == '/';
  }

  private static boolean isEnd(String path, int at) {
    return at >= path.length() || path.charAt(at) == '?' || path.charAt(at) == '#';
  }

  private @Nullable String literal(String segment) {
    if (segment.indexOf('{') < 0 && segment.indexOf('}') < 0) {
      return segment;
    }
    int last = segment.length() - 1;
    boolean named = last > 1 && segment.charAt(0) == '{' && segment.charAt(last) == '}';
    if (!named || !segment.substring(1, last).chars().allMatch(PathTemplate::isNameChar)) {
      throw refused(template);
    }
    return null;
  }

  // An asterisk is a wildcard in other notations; as a literal it would never match.
  private static boolean isAllowed(int c) {
    return c > ' ' && c < 0x7f && c != '*' && c != '?' && c != '#';
  }

  private static boolean isNameChar(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '_'
        || c == '-';
  }

  private static IllegalArgumentException refused(String template) {
    return new IllegalArgumentException(
        "path template: invalid value \""
            + template
            + "\"; expected a slash, then segments of printable ASCII without *, ? and #, each a"
            + " literal or {name}, such as /foo/{bar}, or /foo/ for a subtree");
  }
}
