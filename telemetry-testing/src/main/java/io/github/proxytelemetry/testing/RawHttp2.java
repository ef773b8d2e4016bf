package io.github.proxytelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.config.H2Param;
import org.apache.hc.core5.http2.config.H2Setting;
import org.apache.hc.core5.http2.frame.DefaultFrameFactory;
import org.apache.hc.core5.http2.frame.FrameFactory;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.impl.io.FrameInputBuffer;
import org.apache.hc.core5.http2.impl.io.FrameOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 connection (RFC 9113) at the level of frames: sends arbitrary frames, valid or not, and
 * collects what arrives by stream. It acknowledges SETTINGS and PING automatically, and sends
 * WINDOW_UPDATE for the data it reads unless flow control is stopped. Not thread-safe.
 */
final class RawHttp2 {
  static final int FRAME_SIZE = 16_384;
  static final int WINDOW = 65_535;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final FrameFactory FRAMES = DefaultFrameFactory.INSTANCE;

  private final RawSocket socket;
  private final InputStream in;
  private final FrameInputBuffer reading = new FrameInputBuffer(FRAME_SIZE);
  private final FrameOutputBuffer writing = new FrameOutputBuffer(FRAME_SIZE);
  private final RawBlocks blocks = new RawBlocks();
  private final Map<Integer, RawStream> streams = new TreeMap<>();
  private boolean keepsWindow;
  private @Nullable Integer goneAway;
  private boolean settled;

  private RawHttp2(RawSocket socket) {
    this.socket = socket;
    this.in = socket.stream();
  }

  /** Sends the client connection preface. */
  static RawHttp2 client(RawSocket socket) throws IOException {
    RawHttp2 client = new RawHttp2(socket);
    socket.send(PREFACE);
    client.write(FRAMES.createSettings(new H2Setting(H2Param.ENABLE_PUSH, 0)));
    return client;
  }

  /** Reads the client connection preface and sends the server's. */
  static RawHttp2 server(RawSocket socket) throws IOException {
    RawHttp2 server = new RawHttp2(socket);
    String preface = new String(socket.readBytes(PREFACE.length()), StandardCharsets.ISO_8859_1);
    if (!preface.equals(PREFACE)) {
      throw new IOException("not HTTP/2: " + preface);
    }
    server.write(FRAMES.createSettings(new H2Setting(H2Param.MAX_CONCURRENT_STREAMS, 100)));
    return server;
  }

  /** Stops sending WINDOW_UPDATE: the peer may send at most {@link #WINDOW} more bytes. */
  void keepWindow() {
    keepsWindow = true;
  }

  /** Sends a header block of alternating names, in lower case, and values. */
  void headers(int stream, boolean end, String... namesAndValues) throws IOException {
    write(FRAMES.createHeaders(stream, ByteBuffer.wrap(blocks.encode(namesAndValues)), true, end));
  }

  /** Sends a {@code GET} without content. */
  void get(int stream, String path, String... moreNamesAndValues) throws IOException {
    request(stream, true, "GET", path, moreNamesAndValues);
  }

  void request(int stream, boolean end, String method, String path, String... moreNamesAndValues)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":authority", "origin.test", ":path", path));
    all.addAll(List.of(moreNamesAndValues));
    headers(stream, end, all.toArray(String[]::new));
  }

  void data(int stream, boolean end, byte[] content) throws IOException {
    write(FRAMES.createData(stream, ByteBuffer.wrap(content), end));
  }

  void data(int stream, boolean end, String content) throws IOException {
    data(stream, end, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  void reset(int stream, H2Error error) throws IOException {
    write(FRAMES.createResetStream(stream, error));
  }

  void goAway(int lastStream, H2Error error) throws IOException {
    write(FRAMES.createGoAway(lastStream, error, ""));
  }

  /** Returns what was read on a stream so far. */
  RawStream stream(int id) {
    return streams.computeIfAbsent(id, ignored -> new RawStream());
  }

  /** Returns the last stream ID of the peer's GOAWAY, or {@code null} if it sent none. */
  @Nullable Integer goneAway() {
    return goneAway;
  }

  /** Reads frames until a stream meets a condition. */
  RawStream await(int id, Predicate<RawStream> as) throws IOException {
    while (!as.test(stream(id))) {
      if (!readFrame()) {
        throw new EOFException("closed before stream " + id + " was complete: " + stream(id));
      }
    }
    return stream(id);
  }

  /** Reads frames until a stream has ended or was reset. */
  RawStream awaitEnd(int id) throws IOException {
    return await(id, stream -> stream.ended() || stream.error() != null);
  }

  /** Reads frames until a request is complete, on this stream or a later one. */
  int awaitRequest(int from) throws IOException {
    while (true) {
      for (Map.Entry<Integer, RawStream> entry : streams.entrySet()) {
        if (entry.getKey() >= from && entry.getValue().ended()) {
          return entry.getKey();
        }
      }
      if (!readFrame()) {
        throw new EOFException("closed before another request");
      }
    }
  }

  /** Reads frames until the peer's SETTINGS arrived, which shows that it uses HTTP/2. */
  void awaitSettings() throws IOException {
    while (!settled) {
      if (!readFrame()) {
        throw new EOFException("closed before the settings");
      }
    }
  }

  /** Reads frames until the peer closes the connection. */
  void awaitClose() throws IOException {
    try {
      while (readFrame()) {
        // Frames are ignored.
      }
    } catch (SocketTimeoutException timeout) {
      throw timeout;
    } catch (IOException reset) {
      // A reset is an end, too.
    }
  }

  private boolean readFrame() throws IOException {
    RawFrame frame;
    try {
      frame = reading.read(in);
    } catch (ConnectionClosedException closed) {
      return false;
    }
    if (frame == null) {
      return false;
    }
    int id = frame.getStreamId();
    FrameType type = FrameType.valueOf(frame.getType());
    if (type == null) {
      return true;
    }
    switch (type) {
      case SETTINGS -> {
        if (!frame.isFlagSet(FrameFlag.ACK)) {
          settled = true;
          write(FRAMES.createSettingsAck());
        }
      }
      case PING -> {
        if (!frame.isFlagSet(FrameFlag.ACK)) {
          write(FRAMES.createPingAck(frame.getPayloadContent()));
        }
      }
      case HEADERS -> {
        stream(id).head(frame.isFlagSet(FrameFlag.END_STREAM));
        readBlock(id, frame);
      }
      case CONTINUATION -> readBlock(id, frame);
      case DATA -> readData(id, frame);
      case RST_STREAM -> stream(id).reset(H2Error.getByCode(frame.getPayload().getInt()));
      case GOAWAY -> goneAway = frame.getPayload().getInt();
      default -> {}
    }
    return true;
  }

  private void readBlock(int id, RawFrame frame) throws IOException {
    List<Header> block = blocks.read(frame);
    if (block != null) {
      stream(id).add(block);
    }
  }

  private void readData(int id, RawFrame frame) throws IOException {
    RawStream stream = stream(id);
    ByteBuffer payload = frame.getPayloadContent();
    byte[] content = new byte[payload == null ? 0 : payload.remaining()];
    if (payload != null) {
      payload.get(content);
    }
    stream.add(content, frame.isFlagSet(FrameFlag.END_STREAM));
    int taken = frame.getLength();
    if (taken > 0 && !keepsWindow) {
      write(FRAMES.createWindowUpdate(0, taken));
      if (!stream.ended()) {
        write(FRAMES.createWindowUpdate(id, taken));
      }
    }
  }

  private void write(RawFrame frame) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    writing.write(frame, bytes);
    socket.send(bytes.toByteArray());
  }
}
