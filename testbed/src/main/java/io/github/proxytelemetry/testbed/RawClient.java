package io.github.proxytelemetry.testbed;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection to a proxy, whose user alone decides what happens on it and when it ends. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private Socket socket;

  /** Connects to the proxy. */
  public RawClient(InetSocketAddress proxy) throws IOException {
    socket = new Socket(proxy.getAddress(), proxy.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Sends a GET with that target and reads the answer. */
  public Response get(String target, String... headers) throws IOException {
    send("GET " + target + " HTTP/1.1\r\nHost: ignored\r\n" + lines(headers) + "\r\n");
    return read();
  }

  /** Sends a CONNECT and reads the answer. */
  public Response connect(String authority, String... headers) throws IOException {
    send("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n");
    send(lines(headers) + "\r\n");
    return readHead();
  }

  /** Speaks TLS from now on. */
  public void startTls(SSLContext tls) throws IOException {
    SSLSocket secure =
        (SSLSocket)
            tls.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    secure.startHandshake();
    socket = secure;
  }

  /** Sends as it is. */
  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads an answer with its body. */
  public Response read() throws IOException {
    Response head = readHead();
    String length = head.header("content-length");
    if ("chunked".equals(head.header("transfer-encoding"))) {
      return new Response(head.status(), head.headers(), readChunks());
    }
    return length == null
        ? head
        : new Response(head.status(), head.headers(), readBytes(Integer.parseInt(length)));
  }

  /** Reads a part of a response, whatever it is. */
  public void readSome(int count) throws IOException {
    readBytes(count);
  }

  /** Reads what comes until the proxy closes the connection, with or without a RST. */
  public void readToEnd() throws IOException {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      // As good an end as any other.
    }
  }

  /** Leaves with a RST. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Response readHead() throws IOException {
    int status = Integer.parseInt(readLine().split(" ", 3)[1]);
    List<String> headers = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      headers.add(line);
    }
    return new Response(status, headers, new byte[0]);
  }

  private byte[] readChunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      body.write(readBytes(size));
      readLine();
    }
    readLine();
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(readLine(), 16);
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the answer ended after " + bytes.length + " of " + count);
    }
    return bytes;
  }

  private String readLine() throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer ended after " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static String lines(String... headers) {
    return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
  }

  /**
   * An answer.
   *
   * @param status its status
   * @param headers its header lines
   * @param body its body
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Response(int status, List<String> headers, byte[] body) {
    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ": ";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .findFirst()
          .orElse(null);
    }
  }
}
