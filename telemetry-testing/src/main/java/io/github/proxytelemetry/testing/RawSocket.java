package io.github.proxytelemetry.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * End of a connection that sends and reads exact bytes. Reads time out after {@value
 * #TIMEOUT_MILLIS} ms with a {@link SocketTimeoutException}. One thread may read while another one
 * writes.
 */
public abstract sealed class RawSocket implements AutoCloseable
    permits RawClient, ScriptedOrigin.Connection {
  /** Read time-out in milliseconds. */
  public static final int TIMEOUT_MILLIS = 10_000;

  HttpReader reader;
  private final CountedSocket wire;
  private final SocketAddress local;
  private final AtomicLong sent = new AtomicLong();
  private Socket socket;
  private boolean reset;
  private boolean framed;

  RawSocket(CountedSocket socket) throws IOException {
    this.wire = socket;
    this.socket = socket;
    this.local = socket.getLocalSocketAddress();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    this.reader = new HttpReader(socket.getInputStream());
  }

  /**
   * Starts TLS. Bytes that were buffered in plaintext are lost.
   *
   * @param context keys and trusted certificates
   * @param isClient whether this end is the TLS client
   * @param prepare customisation of the socket before the handshake
   * @return the session, after the handshake
   * @throws IOException if the handshake fails
   */
  SSLSession startTls(SSLContext context, boolean isClient, Consumer<SSLSocket> prepare)
      throws IOException {
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(wire, wire.getInetAddress().getHostAddress(), wire.getPort(), true);
    secure.setUseClientMode(isClient);
    prepare.accept(secure);
    secure.startHandshake();
    socket = secure;
    reader = new HttpReader(secure.getInputStream());
    return secure.getSession();
  }

  /** Returns the protocol negotiated by ALPN, or "" for none. */
  String applicationProtocol() {
    return socket instanceof SSLSocket secure ? secure.getApplicationProtocol() : "";
  }

  /** Returns the local address, even after the socket is closed. */
  SocketAddress local() {
    return local;
  }

  /** Returns the first bytes read, as text. */
  String firstReceived() {
    return new String(wire.firstRead(), StandardCharsets.ISO_8859_1);
  }

  /** Returns the number of bytes sent, including TLS. */
  long sentOnWire() {
    return wire.written();
  }

  /** Whether a write failed, so that more may have been sent than was counted. */
  boolean wasCutOff() {
    return wire.wasCutOff();
  }

  /** Returns the number of bytes read, including TLS. */
  long receivedOnWire() {
    return wire.read();
  }

  /**
   * Whether this end has read all that the peer wrote. {@code false} if this end reset the
   * connection, and for TLS and HTTP/2, where the peer may send records or frames at any time.
   */
  boolean readsAll() {
    return !reset && socket == wire && !framed;
  }

  /** Whether this end has read the end of the stream. */
  boolean sawEnd() {
    return reader.isAtEnd();
  }

  /** Whether this end reset the connection. */
  boolean wasReset() {
    return reset;
  }

  /** Returns the input stream, for protocols other than HTTP/1.1. */
  InputStream stream() {
    framed = true;
    return reader.stream();
  }

  /**
   * Sends text.
   *
   * @param text the text, encoded as ISO 8859-1
   * @throws IOException if the peer has disconnected
   */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * Sends bytes in one write.
   *
   * @param bytes the bytes
   * @throws IOException if the peer has disconnected
   */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    sent.addAndGet(bytes.length);
  }

  /**
   * Reads the next message up to the end of its header section.
   *
   * @return the message, without content
   * @throws IOException if the peer disconnects before
   */
  public RawMessage readHead() throws IOException {
    return reader.head();
  }

  /**
   * Reads an exact number of bytes.
   *
   * @param count number of bytes
   * @return the bytes
   * @throws IOException if the peer disconnects before
   */
  public byte[] readBytes(int count) throws IOException {
    return reader.bytes(count);
  }

  /**
   * Reads to the end of the stream.
   *
   * @return the bytes
   * @throws IOException if the connection is reset
   */
  public byte[] readToEnd() throws IOException {
    return reader.toEnd();
  }

  /**
   * Reads until the connection is closed or reset.
   *
   * @throws IOException on time-out
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
      // A reset is an end, too.
    }
  }

  /**
   * Half-closes the connection: shuts down the output and keeps reading. Not for TLS.
   *
   * @throws IOException if the peer has disconnected
   */
  public void halfClose() throws IOException {
    wire.shutdownOutput();
  }

  /**
   * Resets the connection (TCP RST).
   *
   * @throws IOException if it cannot be closed
   */
  public void reset() throws IOException {
    reset = true;
    wire.setSoLinger(true, 0);
    wire.close();
  }

  /**
   * Returns the bytes sent, without TLS.
   *
   * @return number of bytes
   */
  public long sent() {
    return sent.get();
  }

  /**
   * Returns the bytes read, without TLS.
   *
   * @return number of bytes
   */
  public long received() {
    return reader.taken();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
