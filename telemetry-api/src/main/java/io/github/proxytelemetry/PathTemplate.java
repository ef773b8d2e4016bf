package io.github.proxytelemetry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of request paths, such as {@code /foo/{bar}}.
 *
 * <ul>
 *   <li>A literal segment matches itself. Case counts, as RFC 3986, section 6.2.2.1 says for paths.
 *   <li>{@code {name}} is a whole segment, and matches exactly one segment that is not empty.
 *   <li>A template that ends in a slash matches the whole subtree: {@code /debug/} matches {@code
 *       /debug/} and {@code /debug/x/y}, but not {@code /debug}. So {@code /} matches every path.
 * </ul>
 *
 * <p>The query and the fragment of the tested path are ignored. The path is compared as it stands
 * on the wire: nothing is percent-decoded and no dot segment is removed, because servers disagree
 * about {@code %2F} and {@code ..}, and because decoding costs memory that a client would choose.
 * It is therefore good for telemetry, and not for access control.
 *
 * <p>Immutable and thread-safe.
 */
public final class PathTemplate {
  private final String template;
  // null stands for {name}
  private final @Nullable String[] segments;
  private final boolean subtree;

  private PathTemplate(String template) {
    this.template = template;
    this.subtree = template.endsWith("/");
    // From behind the leading slash, up to the one that marks a subtree.
    int end = template.length() - (subtree ? 1 : 0);
    this.segments = end == 0 ? new String[0] : template.substring(1, end).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      segments[i] = literal(Objects.requireNonNull(segments[i]));
    }
  }

  /**
   * Reads a template.
   *
   * @param template a slash, then segments of printable ASCII, each a literal or {@code {name}}
   * @return the template
   * @throws IllegalArgumentException if it is not of that form
   */
  public static PathTemplate of(String template) {
    Objects.requireNonNull(template, "template");
    if (!template.startsWith("/") || !template.chars().allMatch(PathTemplate::isAllowed)) {
      throw refused(template);
    }
    return new PathTemplate(template);
  }

  /**
   * Whether a path is one of those meant. It takes linear time, allocates nothing and never throws.
   *
   * @param path a request target's path, with or without a query
   * @return {@code false} also for {@code null}, and for what is no path
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

  /** The template as it was given. */
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

  // An asterisk means "anything" elsewhere: taken literally, it would quietly match nothing.
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
        "path template: was \""
            + template
            + "\", allowed is a slash, then segments of printable ASCII without *, ? and #, each a"
            + " literal or {name}, such as /foo/{bar}, or /foo/ for all below it");
  }
}
