package io.github.proxytelemetry.testing;

import io.github.proxytelemetry.HeaderAccess;
import io.github.proxytelemetry.RequestInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Head of a request or response, kept as lines so that it can be forwarded unchanged. */
final class PlainHead implements RequestInfo {
  static final HeaderAccess<PlainHead> ACCESS =
      new HeaderAccess<>() {
        @Override
        public String get(PlainHead head, String name) {
          return head.header(name);
        }

        @Override
        public void set(PlainHead head, String name, String value) {
          head.remove(name);
          add(head, name, value);
        }

        @Override
        public void add(PlainHead head, String name, String value) {
          head.lines.add(name + ": " + value);
        }

        @Override
        public void remove(PlainHead head, String name) {
          head.remove(name);
        }
      };

  private final String startLine;
  private final List<String> lines = new ArrayList<>();

  PlainHead(String startLine) {
    this.startLine = startLine;
  }

  /** Reads a head; returns {@code null} if the peer closed the connection before its first byte. */
  static PlainHead read(InputStream in) throws IOException {
    String startLine = line(in);
    if (startLine == null) {
      return null;
    }
    return readAfter(startLine, in);
  }

  /** Reads the header lines after a start line, or the trailers after the last chunk's line. */
  static PlainHead readAfter(String startLine, InputStream in) throws IOException {
    PlainHead head = new PlainHead(startLine);
    for (String line = line(in); line == null || !line.isEmpty(); line = line(in)) {
      if (line == null) {
        throw new EOFException("closed within a head");
      }
      int colon = line.indexOf(':');
      if (colon < 1 || line.chars().limit(colon).anyMatch(c -> c <= ' ' || c >= 127)) {
        throw new ProtocolException("malformed header");
      }
      head.lines.add(line);
    }
    return head;
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        if (line.isEmpty()) {
          return null;
        }
        throw new EOFException("closed within a line");
      }
      line.append((char) next);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }

  void requireRequest() throws ProtocolException {
    if (!startLine.matches("[A-Z]+ [!-~]+ HTTP/1\\.1")) {
      throw new ProtocolException("malformed request line");
    }
  }

  int requireStatus() throws ProtocolException {
    if (!startLine.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new ProtocolException("malformed status line");
    }
    return Integer.parseInt(startLine.substring(9, 12));
  }

  String target() {
    return startLine.split(" ", 3)[1];
  }

  @Override
  public String method() {
    return startLine.split(" ", 2)[0];
  }

  @Override
  public String protocolVersion() {
    return "1.1";
  }

  @Override
  public String path() {
    return target().startsWith("/") ? target() : null;
  }

  @Override
  public String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    return lines.stream()
        .filter(line -> isNamed(line, name))
        .map(line -> line.substring(name.length() + 1).strip())
        .toList();
  }

  boolean hasHeaders() {
    return !lines.isEmpty();
  }

  void remove(String name) {
    lines.removeIf(line -> isNamed(line, name));
  }

  byte[] bytes() {
    StringBuilder head = new StringBuilder(startLine).append("\r\n");
    lines.forEach(line -> head.append(line).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isNamed(String line, String name) {
    return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
  }
}
