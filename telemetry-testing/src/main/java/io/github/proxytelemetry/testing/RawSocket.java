package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, exact to the byte. Reads give up after {@value #TIMEOUT_MILLIS} ms with
 * a {@link SocketTimeoutException}. One thread may read while another one writes.
 */
public abstract sealed class RawSocket implements AutoCloseable
    permits RawClient, ScriptedOrigin.Connection {
  /** How long a read waits, in milliseconds. */
  public static final int TIMEOUT_MILLIS = 10_000;

  final HttpReader reader;
  private final Socket socket;
  private final AtomicLong sent = new AtomicLong();

  RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    this.reader = new HttpReader(socket.getInputStream());
  }

  /**
   * Sends text.
   *
   * @param text what to send, encoded as ISO 8859-1
   * @throws IOException if the peer is gone
   */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Sends bytes, in one write.
   *
   * @param bytes what to send
   * @throws IOException if the peer is gone
   */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    sent.addAndGet(bytes.length);
  }

  /**
   * Reads the next message up to the end of its header section.
   *
   * @return the message, without content
   * @throws IOException if the peer closes before
   */
  public RawMessage readHead() throws IOException {
    return reader.head();
  }

  /**
   * Reads exactly as many bytes.
   *
   * @param count how many
   * @return the bytes
   * @throws IOException if the peer closes before
   */
  public byte[] readBytes(int count) throws IOException {
    return reader.bytes(count);
  }

  /**
   * Reads until the peer sends no more.
   *
   * @return what came until then
   * @throws IOException if the connection is reset
   */
  public byte[] readToEnd() throws IOException {
    return reader.toEnd();
  }

  /**
   * Reads until the connection is of no more use, whether it is closed or reset.
   *
   * @throws IOException if it is neither in time
   */
  public void awaitEnd() throws IOException {
    try {
      byte @Nullable [] ignored = reader.some();
      while (ignored != null) {
        ignored = reader.some();
      }
    } catch (SocketTimeoutException timeout) {
      throw timeout;
    } catch (IOException reset) {
      // Gone is what it was to become.
    }
  }

  /**
   * Sends no more, but still reads.
   *
   * @throws IOException if the peer is gone
   */
  public void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /**
   * Ends the connection with a TCP reset.
   *
   * @throws IOException if it cannot be closed
   */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /**
   * What was sent.
   *
   * @return bytes
   */
  public long sent() {
    return sent.get();
  }

  /**
   * What was read.
   *
   * @return bytes
   */
  public long received() {
    return reader.taken();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
