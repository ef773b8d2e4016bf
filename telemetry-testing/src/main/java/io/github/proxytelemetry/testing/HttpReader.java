package io.github.proxytelemetry.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reader of HTTP/1.1 messages (RFC 9112) that counts the bytes it consumes. */
final class HttpReader {
  private static final int MAX_LINE = 64 * 1024;

  private final InputStream in;
  private final AtomicLong taken = new AtomicLong();
  private volatile boolean atEnd;

  HttpReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  long taken() {
    return taken.get();
  }

  /** Whether the end of the stream was read. */
  boolean isAtEnd() {
    return atEnd;
  }

  /** Returns the stream for protocols other than HTTP/1.1; its bytes are counted as well. */
  InputStream stream() {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        if (read > 0) {
          taken.addAndGet(read);
        }
        return read;
      }
    };
  }

  /** Waits for the next byte; returns {@code false} at the end of the stream. */
  boolean awaitByte() throws IOException {
    in.mark(1);
    int next = in.read();
    if (next >= 0) {
      in.reset();
    }
    atEnd |= next < 0;
    return next >= 0;
  }

  /** Reads a message without its body. */
  RawMessage head() throws IOException {
    String startLine = line();
    return new RawMessage(startLine, lines(), "", List.of(), List.of());
  }

  RawMessage request() throws IOException {
    RawMessage head = head();
    boolean body = !head.headers("content-length").isEmpty() || isChunked(head);
    return body ? body(head, List.of()) : head;
  }

  /** Reads a final response and the interim ones before it. */
  RawMessage response(String requestMethod) throws IOException {
    List<RawMessage> interim = new ArrayList<>();
    RawMessage head = head();
    while (head.isInterim()) {
      interim.add(head);
      head = head();
    }
    int status = head.status();
    boolean bodyless =
        requestMethod.equals("HEAD")
            || status == 101
            || status == 204
            || status == 304
            || (requestMethod.equals("CONNECT") && status / 100 == 2);
    if (bodyless) {
      return new RawMessage(
          head.startLine(), head.headerLines(), "", List.of(), List.copyOf(interim));
    }
    return body(head, List.copyOf(interim));
  }

  /** Reads the body that follows the head of a final response to a {@code GET}. */
  RawMessage rest(RawMessage head) throws IOException {
    return head.status() == 204 || head.status() == 304 ? head : body(head, List.of());
  }

  byte[] bytes(int count) throws IOException {
    byte[] read = in.readNBytes(count);
    taken.addAndGet(read.length);
    if (read.length < count) {
      throw new EOFException("the peer closed after " + read.length + " of " + count + " bytes");
    }
    return read;
  }

  byte[] toEnd() throws IOException {
    byte[] read = in.readAllBytes();
    atEnd = true;
    taken.addAndGet(read.length);
    return read;
  }

  /** Reads the bytes that are available, at least one; returns {@code null} at the end. */
  byte @Nullable [] some() throws IOException {
    byte[] buffer = new byte[8192];
    int read = in.read(buffer);
    if (read < 0) {
      atEnd = true;
      return null;
    }
    taken.addAndGet(read);
    return Arrays.copyOf(buffer, read);
  }

  private RawMessage body(RawMessage head, List<RawMessage> interim) throws IOException {
    List<String> trailers = List.of();
    byte[] body;
    List<String> length = head.headers("content-length");
    if (isChunked(head)) {
      ByteArrayOutputStream chunks = new ByteArrayOutputStream();
      int size = chunkSize();
      while (size > 0) {
        chunks.write(bytes(size));
        line();
        size = chunkSize();
      }
      trailers = lines();
      body = chunks.toByteArray();
    } else if (!length.isEmpty()) {
      body = bytes(Integer.parseInt(length.get(0)));
    } else {
      body = toEnd();
    }
    return new RawMessage(
        head.startLine(),
        head.headerLines(),
        new String(body, StandardCharsets.ISO_8859_1),
        trailers,
        interim);
  }

  private static boolean isChunked(RawMessage head) {
    return head.headers("transfer-encoding").contains("chunked");
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return List.copyOf(lines);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.size() > MAX_LINE) {
        throw new EOFException("the peer closed within a message");
      }
      taken.incrementAndGet();
      line.write(next);
    }
    taken.incrementAndGet();
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
