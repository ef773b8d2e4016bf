package io.github.proxytelemetry;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Naming scheme of a prefix and the name of the {@link Instrument} in lower case. */
final class PrefixedNaming implements MetricNaming {
  private static final Pattern ALLOWED = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)?");

  private final String prefix;

  PrefixedNaming(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    if (!ALLOWED.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "metric prefix: invalid value \""
              + prefix
              + "\"; expected letters, digits and underscores, not starting with a digit");
    }
    this.prefix = prefix;
  }

  @Override
  public String name(Instrument instrument) {
    return prefix + instrument.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public @Nullable String key(Instrument instrument, Dimension dimension) {
    return switch (dimension) {
      // Only the other naming schemes have these attributes.
      case SCHEME,
          PROTOCOL,
          SERVER_ADDRESS,
          SERVER_PORT,
          DOWNSTREAM_METHOD,
          COMPLETE,
          CANCELED,
          FAILED,
          STAGE ->
          null;
      case STATUS, ROUTE -> isPartOfAnAttempt(instrument) ? null : dimension.key();
      case METHOD -> hasMethod(instrument) ? dimension.key() : null;
      // It has a metric of its own.
      case ERROR ->
          instrument == Instrument.REQUESTS_BY_STATUS || isPartOfAnAttempt(instrument)
              ? null
              : dimension.key();
      default -> dimension.key();
    };
  }

  private static boolean hasMethod(Instrument instrument) {
    return instrument != Instrument.REQUESTS_IN_PROGRESS
        && instrument != Instrument.PROXY_DURATION_SECONDS;
  }

  /** These have as few labels as possible, as there are many of them; but whose time it is. */
  private static boolean isPartOfAnAttempt(Instrument instrument) {
    return switch (instrument.group()) {
      case ROUND_TRIP, READ_PAYLOAD, DETAILED_CONNECTION -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return "MetricNaming.privacyProxy(\"" + prefix + "\")";
  }
}
