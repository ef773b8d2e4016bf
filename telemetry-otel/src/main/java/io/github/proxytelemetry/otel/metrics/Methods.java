package io.github.proxytelemetry.otel.metrics;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Known methods, and the numbers from 0 to 15 that stand for them while recording. Immutable.
 *
 * <p>{@code POST} and {@code CONNECT} keep their numbers where they are not known, since more than
 * a label depends on them; their label is then that of any other method.
 */
public final class Methods {
  /** How many methods may be known besides {@code POST} and {@code CONNECT}: four bits of them. */
  public static final int MAX = 12;

  public static final int POST = 0;
  public static final int CONNECT = 1;

  /** Stands for every method that is not known. */
  public static final int OTHER = 2;

  /** In place of a client's method: there is no client. */
  static final int NONE = 15;

  /** As in the conventions. */
  public static final Methods DEFAULT =
      new Methods(
          List.of(
              "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
              "QUERY"));

  private static final String GET = "GET";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final int numberOfGet;
  private final String[] names = new String[NONE + 1];
  private final int count;

  /**
   * @param known names, in upper and lower case as they are sent; a repeated one counts once
   * @throws IllegalArgumentException if they are more than {@link #MAX} besides those two
   */
  public Methods(Collection<String> known) {
    numbers.put("POST", POST);
    numbers.put("CONNECT", CONNECT);
    int next = OTHER + 1;
    for (String name : known) {
      if (numbers.putIfAbsent(name, next) == null) {
        next++;
      }
    }
    if (next > NONE) {
      throw new IllegalArgumentException(
          "known methods: invalid value \""
              + String.join(",", known)
              + "\"; expected at most "
              + MAX
              + " besides POST and CONNECT");
    }
    count = next;
    numberOfGet = numbers.getOrDefault(GET, OTHER);
    Arrays.fill(names, LabelValues.OTHER);
    known.forEach(name -> names[number(name)] = name);
  }

  /** Adapters need not be compiled with null checks, so {@code null} counts as unknown. */
  @SuppressWarnings("ReferenceEquality") // Only the fast way; equals is the slow one.
  public int number(@Nullable String method) {
    // Netty and Jetty pass this very constant, so neither the map nor its entries need be read.
    if (method == GET) {
      return numberOfGet;
    }
    Integer number = numbers.get(method);
    return number == null ? OTHER : number;
  }

  /** The label of a method. */
  public String name(int number) {
    return names[number];
  }

  /** The same, {@code null} for {@link #NONE}. */
  @Nullable String nameOrNull(int number) {
    return number == NONE ? null : names[number];
  }

  /** The start of a span's name; the conventions want {@code HTTP} for an unknown method. */
  public static String spanName(String name) {
    return name.equals(LabelValues.OTHER) ? "HTTP" : name;
  }

  /** The number of each label once, as far as its series are exported from the start. */
  int[] usual() {
    return IntStream.range(0, count)
        .filter(number -> number == OTHER || !LabelValues.OTHER.equals(names[number]))
        .toArray();
  }
}
