package io.github.proxytelemetry.examples.reverse;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.AsciiString;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How a client's connection comes to HTTP/1.1 or HTTP/2. */
final class Protocols {
  private static final long MAX_STREAMS = 100;
  private static final String FRAMES = "frames";
  private static final String STREAMS = "streams";

  private final @Nullable SslContext tls;
  private final Upstreams upstreams;

  private Protocols(@Nullable SslContext tls, Upstreams upstreams) {
    this.tls = tls;
    this.upstreams = upstreams;
  }

  /**
   * Reads the certificate, if there is one.
   *
   * @throws IllegalArgumentException if certificate and key make no sense
   */
  static Protocols create(GatewayOptions options, Upstreams upstreams) {
    if (options.certificate() == null || options.key() == null) {
      return new Protocols(null, upstreams);
    }
    try {
      SslContext tls =
          SslContextBuilder.forServer(options.certificate(), options.key())
              .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      Protocol.ALPN,
                      SelectorFailureBehavior.NO_ADVERTISE,
                      SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_2,
                      ApplicationProtocolNames.HTTP_1_1))
              .build();
      return new Protocols(tls, upstreams);
    } catch (SSLException e) {
      throw new IllegalArgumentException(
          "--certificate and --key: not a certificate and its key", e);
    }
  }

  /** Fills the pipeline of a channel that was accepted. */
  void addTo(Channel client) {
    // Until it is known which protocol it is, and which handler is to ask for more.
    client.config().setAutoRead(true);
    if (tls == null) {
      addCleartext(client.pipeline());
    } else {
      client.pipeline().addLast(tls.newHandler(client.alloc()), negotiated());
    }
  }

  private void addCleartext(ChannelPipeline pipeline) {
    HttpServerCodec http1 = new HttpServerCodec();
    HttpServerUpgradeHandler upgrade =
        new HttpServerUpgradeHandler(
            http1,
            protocol ->
                AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                    ? new Http2ServerUpgradeCodec(frames(), streams(), new Http1Removal())
                    : null);
    ChannelInitializer<Channel> priorKnowledge =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel client) {
            // The handlers for HTTP/1.1 are still behind this one.
            ChannelPipeline pipeline = client.pipeline();
            pipeline.addAfter(pipeline.context(this).name(), FRAMES, frames());
            pipeline.addAfter(FRAMES, STREAMS, streams());
            pipeline.addAfter(STREAMS, null, new Http1Removal());
          }
        };
    pipeline.addLast(new CleartextHttp2ServerUpgradeHandler(http1, upgrade, priorKnowledge));
    addRequests(pipeline);
  }

  private ChannelHandler negotiated() {
    return new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
      @Override
      protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
          ctx.pipeline().addLast(frames(), streams(), new Connection());
        } else {
          ctx.pipeline().addLast(new HttpServerCodec());
          addRequests(ctx.pipeline());
        }
      }
    };
  }

  private static Http2FrameCodec frames() {
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(MAX_STREAMS))
        .build();
  }

  private Http2MultiplexHandler streams() {
    return new Http2MultiplexHandler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel stream) {
            stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
            addRequests(stream.pipeline());
          }
        });
  }

  private void addRequests(ChannelPipeline pipeline) {
    pipeline.addLast(new ClientHandler(upstreams));
  }

  /** Takes the handlers away that would read requests of HTTP/1.1. */
  private static final class Http1Removal extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel client) {
      client.pipeline().remove(ClientHandler.class);
      client.pipeline().addLast(new Connection());
      client.config().setAutoRead(true);
    }
  }

  /** What concerns a connection of HTTP/2, and none of its streams. */
  @SuppressWarnings("FutureReturnValueIgnored") // It is closed, whatever comes.
  private static final class Connection extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
