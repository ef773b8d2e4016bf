package io.github.proxytelemetry.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;

/** Where in a pipeline HTTP begins. */
final class Places {
  /** The codec, or the later one of its two halves; {@code null} where there is none. */
  static @Nullable ChannelHandlerContext serverCodec(ChannelPipeline pipeline) {
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    return codec != null
        ? codec
        : later(pipeline, HttpRequestDecoder.class, HttpResponseEncoder.class);
  }

  /** The codec, or the later one of its two halves; {@code null} where there is none. */
  static @Nullable ChannelHandlerContext clientCodec(ChannelPipeline pipeline) {
    ChannelHandlerContext codec = pipeline.context(HttpClientCodec.class);
    return codec != null
        ? codec
        : later(pipeline, HttpResponseDecoder.class, HttpRequestEncoder.class);
  }

  private static @Nullable ChannelHandlerContext later(
      ChannelPipeline pipeline,
      Class<? extends ChannelHandler> decoder,
      Class<? extends ChannelHandler> encoder) {
    ChannelHandlerContext one = pipeline.context(decoder);
    ChannelHandlerContext other = pipeline.context(encoder);
    if (one == null || other == null) {
      return null;
    }
    for (String name : pipeline.names()) {
      if (name.equals(one.name())) {
        return other;
      }
      if (name.equals(other.name())) {
        return one;
      }
    }
    return null;
  }

  private Places() {}
}
