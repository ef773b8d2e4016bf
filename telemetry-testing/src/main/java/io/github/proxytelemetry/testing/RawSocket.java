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
 * One end of a connection, exact to the byte. Reads give up after {@value #TIMEOUT_MILLIS} ms with
 * a {@link SocketTimeoutException}. One thread may read while another one writes.
 */
public abstract sealed class RawSocket implements AutoCloseable
    permits RawClient, ScriptedOrigin.Connection {
  /** How long a read waits, in milliseconds. */
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
   * Speaks TLS from here on. What was read ahead without it is lost.
   *
   * @param context the keys and what is trusted
   * @param isClient whether this end begins the handshake
   * @param prepare the last changes before the handshake
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

  /** The protocol that ALPN chose, or "" for none. */
  String applicationProtocol() {
    return socket instanceof SSLSocket secure ? secure.getApplicationProtocol() : "";
  }

  /** This end's address, also when it is closed. */
  SocketAddress local() {
    return local;
  }

  /** The first bytes that were read, as text. */
  String firstReceived() {
    return new String(wire.firstRead(), StandardCharsets.ISO_8859_1);
  }

  /** Every byte that was sent, those of TLS included. */
  long sentOnWire() {
    return wire.written();
  }

  /** Whether more may have been sent than is known. */
  boolean wasCutOff() {
    return wire.wasCutOff();
  }

  /** Every byte that was read, those of TLS included. */
  long receivedOnWire() {
    return wire.read();
  }

  /**
   * Whether what this end read is all that the other one wrote: not where this end broke the
   * connection off, and not where the other one has something to say at any time.
   */
  boolean readsAll() {
    return !reset && socket == wire && !framed;
  }

  /** Whether this end read until the other one sent no more. */
  boolean sawEnd() {
    return reader.isAtEnd();
  }

  /** Whether this end broke the connection off. */
  boolean wasReset() {
    return reset;
  }

  /** For what is not HTTP/1.1. */
  InputStream stream() {
    framed = true;
    return reader.stream();
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
   * Sends no more, but still reads. Not for TLS.
   *
   * @throws IOException if the peer is gone
   */
  public void halfClose() throws IOException {
    wire.shutdownOutput();
  }

  /**
   * Ends the connection with a TCP reset.
   *
   * @throws IOException if it cannot be closed
   */
  public void reset() throws IOException {
    reset = true;
    wire.setSoLinger(true, 0);
    wire.close();
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
