package io.github.proxytelemetry.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Copies bodies with their framing, and reports the size of their content. */
final class PlainBody {
  private static final int BUFFER = 8192;

  static void copyRequest(
      PlainHead head,
      InputStream in,
      OutputStream out,
      LongConsumer counter,
      Consumer<PlainHead> trailers)
      throws IOException {
    if (head.header("Transfer-Encoding") != null || head.header("Content-Length") != null) {
      copy(head, in, out, counter, trailers);
    }
  }

  static boolean isBodyless(String method, int status) {
    return method.equals("HEAD") || status == 204 || status == 304;
  }

  static boolean endsWithTheConnection(PlainHead head) {
    return head.header("Transfer-Encoding") == null && head.header("Content-Length") == null;
  }

  /**
   * Copies a body.
   *
   * @param trailers is passed the trailers before they are written, if there are any
   */
  static void copy(
      PlainHead head,
      InputStream in,
      OutputStream out,
      LongConsumer counter,
      Consumer<PlainHead> trailers)
      throws IOException {
    if (head.header("Transfer-Encoding") != null) {
      copyChunks(in, out, counter, trailers);
    } else if (head.header("Content-Length") != null) {
      copyExactly(Long.parseLong(head.header("Content-Length")), in, out, counter);
    } else {
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        counter.accept(read);
      }
    }
  }

  private static void copyChunks(
      InputStream in, OutputStream out, LongConsumer counter, Consumer<PlainHead> trailers)
      throws IOException {
    String line = line(in);
    for (long size = size(line); size != 0; size = size(line)) {
      write(line, out);
      copyExactly(size, in, out, counter);
      write(line(in), out);
      line = line(in);
    }
    PlainHead last = PlainHead.readAfter(line, in);
    if (last.hasHeaders()) {
      trailers.accept(last);
    }
    out.write(last.bytes());
  }

  private static long size(String line) throws ProtocolException {
    try {
      return Long.parseLong(line.split(";", 2)[0].strip(), 16);
    } catch (NumberFormatException malformed) {
      throw new ProtocolException("no size of a chunk");
    }
  }

  private static void copyExactly(
      long length, InputStream in, OutputStream out, LongConsumer counter) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (read < 0) {
        throw new EOFException("closed within a body");
      }
      out.write(buffer, 0, read);
      counter.accept(read);
      left -= read;
    }
  }

  private static String line(InputStream in) throws IOException {
    String line = PlainHead.line(in);
    if (line == null) {
      throw new EOFException("closed within chunks");
    }
    return line;
  }

  private static void write(String line, OutputStream out) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private PlainBody() {}
}
