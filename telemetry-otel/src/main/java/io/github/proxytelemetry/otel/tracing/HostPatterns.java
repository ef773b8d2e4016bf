package io.github.proxytelemetry.otel.tracing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Patterns of host names: exact, or {@code *.suffix} for all hosts below it. Immutable. */
public final class HostPatterns {
  private static final Pattern ALLOWED = Pattern.compile("(\\*\\.)?[A-Za-z0-9_:.-]+");

  private final Set<String> exact = new HashSet<>();
  private final List<String> suffixes = new ArrayList<>();

  public HostPatterns(List<String> patterns) {
    for (String pattern : patterns) {
      Objects.requireNonNull(pattern, "hostPattern");
      if (!ALLOWED.matcher(pattern).matches()) {
        throw new IllegalArgumentException(
            "captured destination: invalid value \""
                + pattern
                + "\"; expected a host name, an address without brackets, or *. and a domain");
      }
      String host = canonical(pattern);
      if (host.startsWith("*.")) {
        suffixes.add(host.substring(1));
      } else {
        exact.add(host);
      }
    }
  }

  boolean isEmpty() {
    return exact.isEmpty() && suffixes.isEmpty();
  }

  boolean matches(String host) {
    if (isEmpty()) {
      return false;
    }
    String canonical = canonical(host);
    if (exact.contains(canonical)) {
      return true;
    }
    for (String suffix : suffixes) {
      if (canonical.length() > suffix.length() && canonical.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }

  /** Host names are compared without regard to case and to a dot at the end. */
  static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
