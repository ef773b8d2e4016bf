package io.github.proxytelemetry;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Formatter of one {@code Server-Timing} metric (W3C Server Timing), such as {@code
 * proxy;dur=12.5}, and parser of the header.
 *
 * <p>Durations are in milliseconds, rounded to 0.1, in ASCII digits independent of the locale. The
 * resolution is limited so that the header is no finer a clock than those that browsers provide.
 *
 * <p>Immutable and thread-safe.
 */
public final class ServerTiming {
  /** The header's name. */
  public static final String HEADER = "Server-Timing";

  private static final long TENTH_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);
  // Prepared up to 10 ms (100 ms when coarse), so that a typical response builds no string.
  private static final int PREPARED = 100;

  private final String prefix;
  private final long gridNanos;
  private final String[] prepared = new String[PREPARED];

  private ServerTiming(String prefix, long gridNanos) {
    this.prefix = prefix;
    this.gridNanos = gridNanos;
    for (int steps = 0; steps < PREPARED; steps++) {
      prepared[steps] = render(steps);
    }
  }

  /**
   * Creates the formatter of a metric. Proxies in a chain need different names.
   *
   * @param name a token (RFC 9110, section 5.6.2), such as {@code proxy}
   * @return the formatter
   * @throws IllegalArgumentException if the name is not a token
   */
  public static ServerTiming named(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || !name.chars().allMatch(ServerTiming::isTokenChar)) {
      throw new IllegalArgumentException(
          "Server-Timing name: invalid value \""
              + name
              + "\"; expected a token: letters, digits and !#$%&'*+-.^_`|~");
    }
    return new ServerTiming(name + ";dur=", TENTH_NANOS);
  }

  /**
   * Creates a formatter of the same metric, rounded to one millisecond, such as {@code
   * proxy;dur=12}. For privacy: a finer value reveals more about the load that other users cause.
   *
   * @return the formatter
   */
  public ServerTiming coarse() {
    return new ServerTiming(prefix, MILLI_NANOS);
  }

  /**
   * Formats a duration.
   *
   * @param durationNanos the duration in nanoseconds; clamped to 0 and one hour
   * @return the header's value, such as {@code proxy;dur=12.5}
   */
  public String format(long durationNanos) {
    long clamped = Math.max(0, Math.min(durationNanos, MAX_NANOS));
    int steps = (int) ((clamped + gridNanos / 2) / gridNanos);
    return steps < PREPARED ? prepared[steps] : render(steps);
  }

  /**
   * Adds the metric as a header line of its own; existing lines remain unchanged.
   *
   * @param headers the response's headers
   * @param access the accessor for the headers
   * @param durationNanos the duration in nanoseconds, as in {@link #format}
   * @param <C> the host's header type
   */
  public <C> void addTo(C headers, HeaderAccess<C> access, long durationNanos) {
    access.add(headers, HEADER, format(durationNanos));
  }

  /**
   * Parses a header's value by the algorithm of the W3C specification, as browsers do: invalid
   * metrics are skipped, unknown parameters are ignored, of a repeated parameter the first counts.
   *
   * @param fieldValue one line of the header, or several joined by commas
   * @return the metrics in order
   */
  public static List<Metric> parse(String fieldValue) {
    return new ServerTimingParser(fieldValue).parse();
  }

  /**
   * Parsed metric of the header.
   *
   * @param name the metric's name
   * @param duration the parameter {@code dur}, by convention in milliseconds; 0 if absent or not a
   *     number
   * @param description the parameter {@code desc}; empty if absent
   */
  public record Metric(String name, double duration, String description) {}

  private String render(int steps) {
    return gridNanos == MILLI_NANOS ? prefix + steps : prefix + steps / 10 + '.' + steps % 10;
  }

  private static boolean isTokenChar(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
