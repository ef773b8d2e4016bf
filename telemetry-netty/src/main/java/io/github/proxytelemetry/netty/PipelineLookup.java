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
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lookup of HTTP codecs and TLS handlers in a pipeline. */
final class PipelineLookup {
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

  /** The TLS handler, or the SNI handler that will add one; {@code null} where there is none. */
  static @Nullable ChannelHandlerContext tls(ChannelPipeline pipeline) {
    ChannelHandlerContext tls = pipeline.context(SslHandler.class);
    return tls != null ? tls : pipeline.context(AbstractSniHandler.class);
  }

  /** Whether one handler is the next after the other. */
  static boolean isDirectlyBehind(ChannelHandlerContext later, ChannelHandlerContext earlier) {
    List<String> names = later.pipeline().names();
    return names.indexOf(later.name()) == names.indexOf(earlier.name()) + 1;
  }

  /** Whether bytes are decrypted before they reach this handler. */
  static boolean isBehindTls(ChannelHandlerContext here) {
    ChannelHandlerContext tls = tls(here.pipeline());
    if (tls == null) {
      return false;
    }
    List<String> names = here.pipeline().names();
    return names.indexOf(tls.name()) < names.indexOf(here.name());
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

  private PipelineLookup() {}
}
