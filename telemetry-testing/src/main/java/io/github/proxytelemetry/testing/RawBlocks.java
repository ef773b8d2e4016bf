package io.github.proxytelemetry.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.frame.FrameFlag;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * HPACK encoder and decoder of one connection (RFC 7541). Their dynamic tables require that every
 * block of the connection passes through here, in the order of the wire.
 */
final class RawBlocks {
  private static final int TABLE_SIZE = 4096;

  private final HPackEncoder encoder = new HPackEncoder(TABLE_SIZE, StandardCharsets.ISO_8859_1);
  private final HPackDecoder decoder = new HPackDecoder(TABLE_SIZE, StandardCharsets.ISO_8859_1);
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

  /** Encodes a block of alternating names and values. */
  byte[] encode(String... namesAndValues) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(new BasicHeader(namesAndValues[i], namesAndValues[i + 1]));
    }
    ByteArrayBuffer encoded = new ByteArrayBuffer(128);
    encoder.encodeHeaders(encoded, headers, false);
    return encoded.toByteArray();
  }

  /** Returns the block that a frame completes, or {@code null} if a CONTINUATION follows. */
  @Nullable List<Header> read(RawFrame frame) throws IOException {
    ByteBuffer payload = frame.getPayloadContent();
    if (frame.isFlagSet(FrameFlag.PRIORITY)) {
      payload.position(payload.position() + 5);
    }
    byte[] fragment = new byte[payload.remaining()];
    payload.get(fragment);
    unfinished.write(fragment);
    if (!frame.isFlagSet(FrameFlag.END_HEADERS)) {
      return null;
    }
    try {
      return decoder.decodeHeaders(ByteBuffer.wrap(unfinished.toByteArray()));
    } catch (HttpException malformed) {
      throw new IOException(malformed);
    } finally {
      unfinished.reset();
    }
  }
}
