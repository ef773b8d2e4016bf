package io.github.proxytelemetry.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.DefaultHttpObject;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** How many bytes a message stands for. */
final class Sizes {
  private static final int MASK = 4;

  /** Bytes as they are on the wire; 0 for what is none. */
  static long ofBytes(Object message) {
    if (message instanceof ByteBuf buffer) {
      return buffer.readableBytes();
    }
    // A class is told in one step; an interface that is not there is searched for each time.
    if (message instanceof DefaultHttpObject) {
      return 0;
    }
    return message instanceof FileRegion region ? region.count() - region.transferred() : 0;
  }

  /** The body that a message carries, in any form that the HTTP codec takes. */
  static long ofContent(Object message) {
    return message instanceof HttpContent content
        ? content.content().readableBytes()
        : ofBytes(message);
  }

  /**
   * What goes through a tunnel: bytes, or WebSocket frames where the host decodes them, counted as
   * they are framed (RFC 6455, section 5.2).
   *
   * @param masked whether frames are masked, as those of a client are
   */
  static long inTunnel(Object message, boolean masked) {
    if (!(message instanceof WebSocketFrame frame)) {
      return ofBytes(message);
    }
    long payload = frame.content().readableBytes();
    int header = payload < 126 ? 2 : payload < 65536 ? 4 : 10;
    return payload + header + (masked ? MASK : 0);
  }

  private Sizes() {}
}
