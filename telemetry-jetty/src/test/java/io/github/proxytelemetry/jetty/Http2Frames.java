package io.github.proxytelemetry.jetty;

import io.github.proxytelemetry.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** HTTP/2 client that writes its frames itself. */
final class Http2Frames {
  static final int HEADER_LENGTH = 9;
  static final byte DATA = 0;
  static final byte END_STREAM = 1;
  private static final byte HEADERS = 1;
  private static final byte RST_STREAM = 3;
  private static final byte SETTINGS = 4;
  private static final byte PING = 6;
  private static final byte END_HEADERS = 4;
  // RFC 7541, appendix A: :method GET, or POST, :scheme http, :path /; and :authority h.
  private static final byte[] GET = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'h'};
  private static final byte[] POST = {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'h'};
  private static final byte[] CANCEL = {0, 0, 0, 8};

  /** Sends the preface of a connection. */
  static RawClient open(RawClient client) throws IOException {
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send(frame(SETTINGS, (byte) 0, 0, new byte[0]));
    return client;
  }

  static void get(RawClient client, int stream) throws IOException {
    client.send(frame(HEADERS, (byte) (END_HEADERS | END_STREAM), stream, GET));
  }

  /** Sends the head of a POST, whose content does not end. */
  static void post(RawClient client, int stream) throws IOException {
    client.send(frame(HEADERS, END_HEADERS, stream, POST));
  }

  static void reset(RawClient client, int stream) throws IOException {
    client.send(frame(RST_STREAM, (byte) 0, stream, CANCEL));
  }

  /** Waits until the server has read all frames that were sent before. */
  static void ping(RawClient client) throws IOException {
    client.send(frame(PING, (byte) 0, 0, new byte[8]));
    awaitFrame(client, PING, (byte) 0);
  }

  /** Reads frames up to one with END_STREAM and content. */
  static void awaitEndOfStream(RawClient client) throws IOException {
    awaitFrame(client, DATA, END_STREAM);
  }

  /** Reads frames up to a DATA frame. */
  static void awaitContent(RawClient client) throws IOException {
    awaitFrame(client, DATA, (byte) 0);
  }

  private static void awaitFrame(RawClient client, byte type, byte flags) throws IOException {
    boolean found = false;
    while (!found) {
      ByteBuffer header = ByteBuffer.wrap(client.readBytes(HEADER_LENGTH));
      int typed = header.getInt();
      found = (typed & 0xff) == type && (header.get() & flags) == flags;
      client.readBytes(typed >>> 8);
    }
  }

  private static byte[] frame(byte type, byte flags, int stream, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(
        ByteBuffer.allocate(HEADER_LENGTH)
            .putInt(payload.length << 8 | type)
            .put(flags)
            .putInt(stream)
            .array());
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private Http2Frames() {}
}
