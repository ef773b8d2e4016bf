package io.github.proxytelemetry.sdk.export;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** Body of a request, which is sent once. */
final class OtlpPayload extends RequestBody {
  /** What HTTP/2 lets anybody send without being asked for more (RFC 9113, section 6.9.2). */
  private static final int WINDOW = 65_535;

  private final MediaType mediaType;
  private final byte[] bytes;
  private final boolean grpc;

  OtlpPayload(MediaType mediaType, byte[] bytes, boolean grpc) {
    this.mediaType = mediaType;
    this.bytes = bytes;
    this.grpc = grpc;
  }

  @Override
  public MediaType contentType() {
    return mediaType;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  /** OkHttp would send it again where a connection breaks, which might deliver twice. */
  @Override
  public boolean isOneShot() {
    return true;
  }

  /**
   * A gRPC server that refuses a message for its size may read no more of it, and answers at once.
   * The answer is only read where the body need not have been sent before.
   */
  @Override
  public boolean isDuplex() {
    return grpc;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    if (!grpc) {
      sink.write(bytes);
    } else if (bytes.length <= WINDOW) {
      send(sink);
    } else {
      // It ends with the call: an answer or a cancellation wakes a write that waits for room.
      Thread writer = new Thread(() -> sendQuietly(sink), "proxy-telemetry-writer");
      writer.setDaemon(true);
      writer.start();
    }
  }

  private void sendQuietly(BufferedSink sink) {
    try {
      send(sink);
    } catch (IOException e) {
      // Whoever reads the answer learns it, too.
    }
  }

  private void send(BufferedSink sink) throws IOException {
    try (sink) {
      sink.write(bytes);
    }
  }
}
