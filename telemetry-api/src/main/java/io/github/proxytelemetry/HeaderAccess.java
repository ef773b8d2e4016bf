package io.github.proxytelemetry;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the headers of one message in the form in which the host keeps them.
 *
 * <p>One stateless instance per header type serves all messages, so handing headers over costs
 * nothing. Names are compared without regard to case. An implementation may copy headers that turn
 * out to be read-only, but never throws because of them.
 *
 * @param <C> the host's header type
 */
public interface HeaderAccess<C> {
  /**
   * The first value of a header.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @return the value, or {@code null} where the message has no such header
   */
  @Nullable String get(C headers, String name);

  /**
   * Replaces every value of a header by one.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @param value the only value it has afterwards
   */
  void set(C headers, String name, String value);

  /**
   * Adds a header line after those that are there.
   *
   * @param headers the message's headers
   * @param name the header's name
   * @param value the value of the new line
   */
  void add(C headers, String name, String value);

  /**
   * Takes every line of a header away, if there is one.
   *
   * @param headers the message's headers
   * @param name the header's name
   */
  void remove(C headers, String name);
}
