package io.github.proxytelemetry.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Relay between a client's connection or stream and a connection to an upstream. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Relay {
  /**
   * @param idleMillis idle time after which the tunnel is closed; 0 for none
   * @param front the handler of the client's requests, which is replaced
   * @param early bytes read from the client already
   */
  static void join(
      Channel client,
      Channel upstream,
      long idleMillis,
      ChannelHandler front,
      Iterable<Object> early) {
    upstream.pipeline().addLast(new RelayHandler(client));
    if (idleMillis > 0) {
      // Every byte of the tunnel is read from the client or written to it.
      client.pipeline().addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
    }
    client.pipeline().remove(front);
    client.pipeline().addLast(new RelayHandler(upstream));
    for (Object part : early) {
      upstream.writeAndFlush(part instanceof HttpContent content ? content.content() : part);
    }
    if (client instanceof Http2StreamChannel) {
      client.pipeline().replace(Http2StreamFrameToHttpObjectCodec.class, null, new StreamBytes());
    } else {
      client.pipeline().remove(HttpServerCodec.class);
    }
    upstream.config().setAutoRead(true);
    client.config().setAutoRead(true);
  }

  private Relay() {}
}
