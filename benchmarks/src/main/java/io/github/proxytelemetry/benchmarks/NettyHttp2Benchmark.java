package io.github.proxytelemetry.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import org.openjdk.jmh.annotations.Benchmark;

/** One request on a stream of an HTTP/2 connection that stays open, codec included. */
public class NettyHttp2Benchmark extends PipelineBenchmark {
  private static final int STREAM_ID_OFFSET = 5;

  /** After so many responses of 64 bytes the connection's window has to grow again. */
  private static final int RESPONSES_PER_UPDATE = 512;

  private static final int BYTES_PER_UPDATE = 64 * RESPONSES_PER_UPDATE;

  private final EmbeddedChannel server = new EmbeddedChannel();
  private final ByteBuf request = Unpooled.unreleasableBuffer(requestFrame());

  /** The first stream is one that an upgrade makes. */
  private int stream = Http2CodecUtil.HTTP_UPGRADE_STREAM_ID + 2;

  /**
   * One request, as bytes, and its response, as bytes.
   *
   * @return how long the response is
   */
  @Benchmark
  public Object request() {
    return work();
  }

  @Override
  void open() {
    server.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
    server.pipeline().addLast(new Http2MultiplexHandler(streams()));
    instrumentation.installHttp2(server.pipeline());
    server.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
    server.writeInbound(frame(0, Http2FrameTypes.SETTINGS, (short) 0, 0));
    server.writeInbound(frame(0, Http2FrameTypes.SETTINGS, new Http2Flags().ack(true).value(), 0));
    takeOutput();
  }

  @Override
  Object work() {
    request.setInt(STREAM_ID_OFFSET, stream);
    server.writeInbound(request.resetReaderIndex());
    stream += 2;
    if (stream % (2 * RESPONSES_PER_UPDATE) == 1) {
      server.writeInbound(
          frame(Integer.BYTES, Http2FrameTypes.WINDOW_UPDATE, (short) 0, 0)
              .writeInt(BYTES_PER_UPDATE));
    }
    int bytes = takeOutput();
    Instrumentation.require(bytes > BYTES_PER_UPDATE / RESPONSES_PER_UPDATE, "no response");
    return bytes;
  }

  @Override
  void close() {
    server.finishAndReleaseAll();
  }

  private int takeOutput() {
    int bytes = 0;
    for (ByteBuf out = server.readOutbound(); out != null; out = server.readOutbound()) {
      bytes += out.readableBytes();
      out.release();
    }
    return bytes;
  }

  private ChannelInitializer<Channel> streams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel ch) {
        ch.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
        instrumentation.installStream(ch.pipeline());
        ch.pipeline().addLast(new FreshAnswer());
      }
    };
  }

  /** Its headers change no state of the decoder's, so that the same bytes serve every stream. */
  private static ByteBuf requestFrame() {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("GET")
            .scheme("http")
            .authority("proxy.test")
            .path("/users/7?full=1")
            .set("user-agent", "benchmark/1")
            .set("accept", "*/*");
    ByteBuf block = Unpooled.buffer();
    try {
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.ALWAYS_SENSITIVE)
          .encodeHeaders(1, headers, block);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    short flags = new Http2Flags().endOfHeaders(true).endOfStream(true).value();
    return frame(block.readableBytes(), Http2FrameTypes.HEADERS, flags, 1).writeBytes(block);
  }

  private static ByteBuf frame(int length, byte type, short flags, int streamId) {
    ByteBuf head = Unpooled.buffer(Http2CodecUtil.FRAME_HEADER_LENGTH + length);
    return head.writeMedium(length).writeByte(type).writeByte(flags).writeInt(streamId);
  }
}
