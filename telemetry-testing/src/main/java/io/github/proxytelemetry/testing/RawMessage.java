package io.github.proxytelemetry.testing;

import java.util.List;
import java.util.Locale;

/**
 * One HTTP/1.1 message as it was on the wire.
 *
 * @param startLine the request line or the status line
 * @param headerLines the header lines as they came
 * @param body the content, without the framing of chunks, read as ISO 8859-1
 * @param trailerLines the trailer lines as they came
 * @param interim the interim responses that came before a final one
 */
public record RawMessage(
    String startLine,
    List<String> headerLines,
    String body,
    List<String> trailerLines,
    List<RawMessage> interim) {

  /**
   * The status of a response.
   *
   * @return the status
   */
  public int status() {
    return Integer.parseInt(startLine.split(" ", 3)[1]);
  }

  /**
   * The method of a request.
   *
   * @return the method
   */
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /**
   * The target of a request.
   *
   * @return the target as it stands in the request line
   */
  public String target() {
    return startLine.split(" ", 3)[1];
  }

  /** The bytes up to its content, with two at the end of each line. */
  int headLength() {
    return startLine.length()
        + headerLines.stream().mapToInt(String::length).sum()
        + 2 * (headerLines.size() + 2);
  }

  /**
   * Every value of a header.
   *
   * @param name the header's name, in any case
   * @return one value for each line
   */
  public List<String> headers(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return headerLines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .toList();
  }
}
