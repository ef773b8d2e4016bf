package io.github.proxytelemetry.hosts.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpServerUpgradeHandler.UpgradeCodecFactory;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/** Netty's examples of HTTP/2 servers with a channel per stream. */
final class Http2Shapes {
  private Http2Shapes() {}

  /** HTTP/2 with prior knowledge only. */
  static void priorKnowledge(Channel client, Relays relays) {
    PortUnificationHandler.addHttp2(client.pipeline(), relays);
  }

  /** HTTP/1.1, and an upgrade to HTTP/2. */
  static void upgrade(Channel client, Relays relays) {
    HttpServerCodec codec = new HttpServerCodec();
    client.pipeline().addLast(codec, new HttpServerUpgradeHandler(codec, upgrades(relays)));
    client.pipeline().addLast(new NoUpgrade(relays));
  }

  /** HTTP/1.1, an upgrade to HTTP/2, and HTTP/2 with prior knowledge. */
  static void upgradeOrPriorKnowledge(Channel client, Relays relays) {
    HttpServerCodec codec = new HttpServerCodec();
    ChannelInitializer<Channel> priorKnowledge =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel connection) {
            connection.pipeline().remove(NoUpgrade.class);
            PortUnificationHandler.addHttp2(connection.pipeline(), relays);
          }
        };
    client
        .pipeline()
        .addLast(
            new CleartextHttp2ServerUpgradeHandler(
                codec, new HttpServerUpgradeHandler(codec, upgrades(relays)), priorKnowledge));
    client.pipeline().addLast(new NoUpgrade(relays));
  }

  /** TLS with ALPN. */
  static void negotiated(SslContext tls, Channel client, Relays relays) {
    client.pipeline().addLast(tls.newHandler(client.alloc()));
    client
        .pipeline()
        .addLast(
            new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
              @Override
              protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                  PortUnificationHandler.addHttp2(ctx.pipeline(), relays);
                } else {
                  ctx.pipeline().addLast(new HttpServerCodec(), relays.handler());
                }
              }
            });
  }

  private static UpgradeCodecFactory upgrades(Relays relays) {
    return protocol ->
        AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
            ? new Http2ServerUpgradeCodec(
                Http2FrameCodecBuilder.forServer().build(),
                new Http2MultiplexHandler(PortUnificationHandler.streams(relays)))
            : null;
  }

  /** Takes the first request that is not upgraded, and leaves the rest to a relay. */
  private static final class NoUpgrade extends SimpleChannelInboundHandler<HttpMessage> {
    private final Relays relays;

    NoUpgrade(Relays relays) {
      this.relays = relays;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpMessage request) {
      ctx.pipeline().addAfter(ctx.name(), null, relays.handler());
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(ReferenceCountUtil.retain(request));
    }
  }
}
