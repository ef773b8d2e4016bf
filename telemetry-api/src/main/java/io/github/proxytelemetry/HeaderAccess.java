package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Accessor for the headers of a message in the host's own header type; the counterpart of
 * OpenTelemetry's {@code TextMapGetter} and {@code TextMapSetter}.
 *
 * <p>Stateless: one instance per header type serves all messages, so that passing headers allocates
 * nothing. Header names are case-insensitive (RFC 9110, section 5.1). An implementation never
 * throws; where headers are read-only it may write to a copy.
 *
 * @param <C> the host's header type
 */
public interface HeaderAccess<C> {
  /**
   * Returns the first value of a header.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @return the value, or {@code null} if the header is absent
   */
  @Nullable String get(C headers, String name);

  /**
   * Returns whether the first value of a header begins with a prefix, in any case of letters.
   * Overridden where {@link #get} allocates a string.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @param prefix the prefix, in ASCII
   * @return whether there is such a value
   */
  default boolean startsWith(C headers, String name, String prefix) {
    String value = get(headers, name);
    return value != null && value.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /**
   * Sets a header to a single value, replacing all its lines.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @param value the new value
   */
  void set(C headers, String name, String value);

  /**
   * Adds a header line after the existing ones.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @param value the value of the new line
   */
  void add(C headers, String name, String value);

  /**
   * Removes all lines of a header, if there are any.
   *
   * @param headers the message's headers
   * @param name the header's name
   */
  void remove(C headers, String name);
}
