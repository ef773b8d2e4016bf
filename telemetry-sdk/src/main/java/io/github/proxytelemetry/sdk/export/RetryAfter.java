package io.github.proxytelemetry.sdk.export;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Parser of {@code Retry-After}, RFC 9110, section 10.2.3. */
final class RetryAfter {
  private static final int MAX_DIGITS = 18;

  private RetryAfter() {}

  /** In nanoseconds, 0 if absent or malformed. */
  static long nanos(@Nullable String value, Instant now) {
    if (value == null || value.isBlank()) {
      return 0;
    }
    String text = value.strip();
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      // More digits than a long has: longer than we wait anyway.
      long seconds = text.length() > MAX_DIGITS ? Long.MAX_VALUE : Long.parseLong(text);
      return TimeUnit.SECONDS.toNanos(seconds);
    }
    try {
      Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      long millis = Math.subtractExact(then.toEpochMilli(), now.toEpochMilli());
      return TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis));
    } catch (DateTimeException | ArithmeticException e) {
      return 0;
    }
  }
}
