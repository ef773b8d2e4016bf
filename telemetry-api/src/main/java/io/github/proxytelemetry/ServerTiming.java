package io.github.proxytelemetry;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The {@code Server-Timing} header of W3C Server Timing: one member for the proxy's own time, such
 * as {@code proxy;dur=12.5}.
 *
 * <p>Durations are milliseconds on a grid of 0.1, in ASCII digits whatever the locale. The grid is
 * coarse on purpose: the header would otherwise hand out a finer clock than a browser does.
 *
 * <p>Immutable and thread-safe.
 */
public final class ServerTiming {
  /** The header's name. */
  public static final String HEADER = "Server-Timing";

  private static final long TENTH_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);
  // 10 ms or more: what a proxy adds as a rule, so the usual response builds no string.
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
   * A header member of that name. Proxies in a chain need different ones.
   *
   * @param name a token of RFC 9110, such as {@code proxy}
   * @return the helper for it
   * @throws IllegalArgumentException if the name is no token
   */
  public static ServerTiming named(String name) {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || !name.chars().allMatch(ServerTiming::isTokenChar)) {
      throw new IllegalArgumentException(
          "Server-Timing name: was \""
              + name
              + "\", allowed is a token: letters, digits and !#$%&'*+-.^_`|~");
    }
    return new ServerTiming(name + ";dur=", TENTH_NANOS);
  }

  /**
   * The same member on a grid of one millisecond, such as {@code proxy;dur=12}. A finer number
   * tells a client more about what other users do to the proxy.
   *
   * @return the helper for it
   */
  public ServerTiming coarse() {
    return new ServerTiming(prefix, MILLI_NANOS);
  }

  /**
   * Renders a duration.
   *
   * @param durationNanos nanoseconds; below 0 counts as 0, above an hour as an hour
   * @return the header's value, such as {@code proxy;dur=12.5}
   */
  public String format(long durationNanos) {
    long clamped = Math.max(0, Math.min(durationNanos, MAX_NANOS));
    int steps = (int) ((clamped + gridNanos / 2) / gridNanos);
    return steps < PREPARED ? prepared[steps] : render(steps);
  }

  /**
   * Adds the member as a line of its own, and leaves those that are there as they are.
   *
   * @param headers the response's headers
   * @param access how to write them
   * @param durationNanos nanoseconds, as in {@link #format}
   * @param <C> the host's header type
   */
  public <C> void addTo(C headers, HeaderAccess<C> access, long durationNanos) {
    access.add(headers, HEADER, format(durationNanos));
  }

  /**
   * Reads a header's value as a browser does, by the algorithm of the W3C specification: members
   * that make no sense are skipped, unknown parameters are ignored, the first of two equal ones
   * wins.
   *
   * @param fieldValue one line of the header, or several joined by commas
   * @return the members in their order
   */
  public static List<Metric> parse(String fieldValue) {
    return new ServerTimingParser(fieldValue).parse();
  }

  /**
   * A member of the header.
   *
   * @param name the member's name
   * @param duration its {@code dur}, by convention in milliseconds; 0 where it is absent or no
   *     number
   * @param description its {@code desc}, empty where it is absent
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
