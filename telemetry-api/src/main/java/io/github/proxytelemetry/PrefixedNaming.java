package io.github.proxytelemetry;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** A prefix, and the catalogue's own name in lower case. */
final class PrefixedNaming implements MetricNaming {
  private static final Pattern ALLOWED = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)?");

  private final String prefix;

  PrefixedNaming(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    if (!ALLOWED.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "metric prefix: was \"" + prefix + "\", allowed are letters, digits and underscores");
    }
    this.prefix = prefix;
  }

  @Override
  public String name(Instrument instrument) {
    return prefix + instrument.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "MetricNaming.privacyProxy(\"" + prefix + "\")";
  }
}
