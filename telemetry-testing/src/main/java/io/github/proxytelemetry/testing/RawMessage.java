package io.github.proxytelemetry.testing;

import java.util.List;
import java.util.Locale;

/**
 * HTTP/1.1 message as it was on the wire.
 *
 * @param startLine the request line or the status line
 * @param headerLines the header lines, unchanged
 * @param body the content without chunked framing, decoded as ISO 8859-1
 * @param trailerLines the trailer lines, unchanged
 * @param interim the interim responses before a final one
 */
public record RawMessage(
    String startLine,
    List<String> headerLines,
    String body,
    List<String> trailerLines,
    List<RawMessage> interim) {

  /**
   * Returns the status of a response.
   *
   * @return the status
   */
  public int status() {
    return Integer.parseInt(startLine.split(" ", 3)[1]);
  }

  /** Whether a response is an interim one; what is below 100 is none. */
  boolean isInterim() {
    int status = status();
    return status >= 100 && status < 200 && status != 101;
  }

  /**
   * Returns the method of a request.
   *
   * @return the method
   */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /**
   * Returns the target of a request.
   *
   * @return the target as in the request line
   */
  public String target() {
    return startLine.split(" ", 3)[1];
  }

  /** Returns the size of the head in bytes, with CRLF at the end of each line. */
  int headLength() {
    return startLine.length()
        + headerLines.stream().mapToInt(String::length).sum()
        + 2 * (headerLines.size() + 2);
  }

  /**
   * Returns all values of a header.
   *
   * @param name the header's name, case-insensitive
   * @return one value per line
   */
  public List<String> headers(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return headerLines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }
}
