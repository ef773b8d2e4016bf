package io.github.proxytelemetry.examples.reverse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A connection of HTTP/2 by prior knowledge (RFC 9113), with one stream after the other. Its user
 * decides how each of them ends.
 */
final class Http2RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;
  private static final int MAX_INCREMENT = 0x7fff0000;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int stream = -1;

  Http2RawClient(InetSocketAddress server) throws IOException {
    socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
    // Only streams are to run out of their windows.
    sendInt(WINDOW_UPDATE, 0, MAX_INCREMENT);
  }

  /** Reads a whole answer, and returns how long its body is. */
  int get(String path) throws IOException {
    request(path);
    int length = 0;
    for (Frame frame = next(); ; frame = next()) {
      length += frame.type() == DATA ? frame.length() : 0;
      if ((frame.flags() & END_STREAM) != 0) {
        return length;
      }
    }
  }

  /** Resets the stream when its answer has begun. */
  void getAndReset(String path) throws IOException {
    request(path);
    while (next().type() != HEADERS) {
      // What belongs to the stream before.
    }
    sendInt(RST_STREAM, stream, CANCEL);
  }

  /** Leaves with a RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void request(String path) throws IOException {
    stream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    // RFC 7541, appendix A: these names, and two of the values, have numbers.
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    block.write(0x04); // :path, not to be indexed
    block.write(path.length());
    block.writeBytes(path.getBytes(US_ASCII));
    block.write(0x01); // :authority, not to be indexed
    block.write(1);
    block.write('x');
    send(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
  }

  /** The next frame of the current stream. */
  private Frame next() throws IOException {
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      Frame frame = new Frame(length, in.readUnsignedByte(), in.readUnsignedByte());
      int id = in.readInt();
      in.skipNBytes(length);
      if (frame.type() == GOAWAY || (frame.type() == RST_STREAM && id == stream)) {
        throw new IOException("the server ended stream " + stream);
      }
      if (id == stream && frame.type() <= HEADERS) {
        return frame;
      }
    }
  }

  private void sendInt(int type, int id, int content) throws IOException {
    send(
        type,
        0,
        id,
        new byte[] {
          (byte) (content >> 24), (byte) (content >> 16), (byte) (content >> 8), (byte) content
        });
  }

  private void send(int type, int flags, int id, byte[] content) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(frame);
    head.writeByte(0);
    head.writeShort(content.length);
    head.writeByte(type);
    head.writeByte(flags);
    head.writeInt(id);
    head.write(content);
    out.write(frame.toByteArray());
  }

  private record Frame(int length, int type, int flags) {}
}
