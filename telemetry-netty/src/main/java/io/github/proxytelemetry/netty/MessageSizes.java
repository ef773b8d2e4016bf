package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultHttpObject;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Sizes of messages in bytes. */
final class MessageSizes {
  private static final int MASK = 4;

  /** Size of a buffer or file region; 0 for any other message. */
  static long ofBytes(Object message) {
    if (message instanceof ByteBuf buffer) {
      return buffer.readableBytes();
    }
    // Checking for a class is one step; checking for an absent interface is a search each time.
    if (message instanceof DefaultHttpObject) {
      return 0;
    }
    return message instanceof FileRegion region ? region.count() - region.transferred() : 0;
  }

  /** Size of the body in a message, in any form that the HTTP codec accepts. */
  static long ofContent(Object message) {
    return message instanceof HttpContent content
        ? content.content().readableBytes()
        : ofBytes(message);
  }

  /**
   * Size of a message in a tunnel: bytes, or a WebSocket frame that the host decodes or encodes,
   * which counts with its header (RFC 6455, section 5.2).
   *
   * @param masked whether frames are masked, as a client's are
   */
  static long inTunnel(Object message, boolean masked) {
    if (!(message instanceof WebSocketFrame frame)) {
      return ofBytes(message);
    }
    long payload = frame.content().readableBytes();
    int header = payload < 126 ? 2 : payload < 65536 ? 4 : 10;
    return payload + header + (masked ? MASK : 0);
  }

  private MessageSizes() {}
}
